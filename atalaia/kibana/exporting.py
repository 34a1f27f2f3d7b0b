"""Read saved objects back from a Kibana: those that are named, where they are there."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Final

from atalaia.kibana.connection import Kibana, KibanaError
from atalaia.kibana.objects import Json, SavedObject, read_objects

PATH: Final = "/api/saved_objects/_export"


def export_objects(kibana: Kibana, wanted: Sequence[tuple[str, str]], *, deep: bool = False) -> list[SavedObject]:
    """Return those of the named objects that this Kibana has; none where it has none of them.

    Args:
        kibana: Where from.
        wanted: Type and id of each.
        deep: Whether to bring along what they refer to.

    Raises:
        KibanaError: When it cannot be asked.
    """
    asking = list(wanted)
    while asking:
        try:
            return read_objects(_exported(kibana, asking, deep=deep), f"the export of {kibana.place.shown}")
        except KibanaError as error:
            # Kibana exports nothing while one of the objects is not there, and names all those.
            missing = _not_there(error)
            if error.status != HTTPStatus.BAD_REQUEST or not missing & set(asking):
                raise
            asking = [each for each in asking if each not in missing]
    return []


def _exported(kibana: Kibana, asking: Sequence[tuple[str, str]], *, deep: bool) -> str:
    objects: list[Json] = [{"type": kind, "id": identifier} for kind, identifier in asking]
    return kibana.post(
        PATH, {"objects": objects, "includeReferencesDeep": deep, "excludeExportDetails": True}
    )  # fmt: skip


def _not_there(error: KibanaError) -> set[tuple[str, str]]:
    details = error.details
    objects = details.get("objects") if isinstance(details, dict) else None
    found = [each for each in objects if isinstance(each, dict)] if isinstance(objects, list) else []
    return {(str(each.get("type")), str(each.get("id"))) for each in found}
