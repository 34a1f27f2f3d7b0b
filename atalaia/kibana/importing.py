"""Send saved objects to a Kibana, and say of each that it refused why and what to do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar, Final

from atalaia.kibana.connection import Kibana, KibanaError
from atalaia.kibana.objects import Json, JsonObject, SavedObject, as_lines

PATH: Final = "/api/saved_objects/_import"


class RefusedObjectsError(KibanaError):
    """Kibana refused single objects: a line for each."""

    shows_excerpt: ClassVar[bool] = True


def import_objects(kibana: Kibana, objects: Sequence[SavedObject], *, overwrite: bool) -> int:
    """Import saved objects and return how many Kibana took.

    Args:
        kibana: Where to.
        objects: What.
        overwrite: Whether those that are there are replaced; else they are conflicts.

    Raises:
        KibanaError: When Kibana refuses the file or single objects; then it says which and why. Kibana makes none at
            all of them while a reference is missing or a conflict is open.
    """
    content = as_lines(objects).encode("utf-8")
    answer = kibana.post_file(PATH, "atalaia.ndjson", content, overwrite="true" if overwrite else "false")
    refused = [each for each in _list(answer.get("errors")) if isinstance(each, dict)]
    if answer.get("success") is not True or refused:
        reasons = "".join(f"\n  {each}" for each in map(_reason, refused)) or f": {answer}"
        told = f"{kibana.place.shown} refused {len(refused)} of {len(objects)} objects{reasons}"
        raise RefusedObjectsError(told, "; ".join(dict.fromkeys(map(_remedy, refused))) or "see Kibana's log")
    taken = answer.get("successCount")
    return taken if isinstance(taken, int) else 0


def _reason(refused: JsonObject) -> str:
    name = f"{refused.get('type')} {refused.get('id')}"
    error = _object(refused.get("error"))
    match error.get("type"):
        case "conflict":
            there = error.get("destinationId")
            return f"{name}: it is there already" + (f", as {there}" if there else "")
        case "ambiguous_conflict":
            found = ", ".join(str(each.get("id")) for each in _objects(error.get("destinations")))
            return f"{name}: several that it could replace are there: {found}"
        case "missing_references":
            found = ", ".join(f"{each.get('type')} {each.get('id')}" for each in _objects(error.get("references")))
            return f"{name}: it refers to what is not there: {found}"
        case "unsupported_type":
            return f"{name}: this Kibana has no objects of that type"
        case other:
            status = error.get("statusCode")
            said = error.get("message") or other
            return f"{name}: {said}" + (f" ({status})" if status else "")


def _remedy(refused: JsonObject) -> str:
    return {
        "conflict": "import without --no-overwrite to replace it",
        "ambiguous_conflict": "delete all but one of them in Kibana's Saved Objects, then import again",
        "missing_references": "import the whole file, with its data views",
        "unsupported_type": "upgrade Kibana, or enable the plugin that the type belongs to",
    }.get(str(_object(refused.get("error")).get("type")), "see Kibana's log")


def _objects(value: Json) -> Iterator[JsonObject]:
    return (each for each in _list(value) if isinstance(each, dict))


def _list(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []


def _object(value: Json) -> JsonObject:
    return value if isinstance(value, dict) else {}
