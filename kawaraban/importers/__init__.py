"""Importers: how stories get into the newsroom from elsewhere."""
