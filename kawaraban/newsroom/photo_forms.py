"""The library's form: what file may come in."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.forms.fields import FileField
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm

from kawaraban.errors import Refused
from kawaraban.newsroom import actions, picture_files


class PictureField(WagtailImageField):
    """Wagtail's field, asked after the size and the shape of the file: by itself it unpacks what it is given."""

    def to_python(self, data: Any) -> Any:
        """The file, if it holds a picture that may come in."""
        file = FileField.to_python(self, data)
        if file is None:
            return None
        self.check_image_file_size(file)
        file.seek(0)
        try:
            picture_files.inspect(file.read())
        except Refused as refusal:
            raise ValidationError(refusal.message, code=refusal.code) from refusal
        file.seek(0)
        return super().to_python(data)


class PhotoForm(BaseImageForm):
    """The library's form for a photograph. What the picture says of itself fills what is left empty."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "file" in self.fields:
            plain = self.fields["file"]
            self.fields["file"] = PictureField(label=plain.label, required=plain.required, widget=plain.widget)

    def _save_m2m(self) -> None:
        super()._save_m2m()
        # The form has put its empty list of tags in the place of what the picture brought.
        actions.tag_photo(self.instance)
