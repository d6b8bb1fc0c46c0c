"""The full-text table, which Django has no model for."""

from django.db import migrations

CREATE = {
    "sqlite": [
        "CREATE VIRTUAL TABLE search_words USING fts5(title, body, facets, "
        "content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 0')"
    ],
    "postgresql": [
        "CREATE TABLE search_words (id bigint PRIMARY KEY, words tsvector NOT NULL)",
        "CREATE INDEX search_words_gin ON search_words USING gin (words)",
    ],
}


def create(apps, schema_editor):
    for statement in CREATE[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def drop(apps, schema_editor):
    schema_editor.execute("DROP TABLE search_words")


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]
    operations = [migrations.RunPython(create, drop)]
