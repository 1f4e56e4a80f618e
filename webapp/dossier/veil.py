"""What the reader may not see stays out: sensitive answers are masked wherever they have gone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from processes.forms.definition import Field, FormDefinition
from processes.forms.display import masked
from processes.identity.actor import Actor
from webapp.pages.answers import READS_UNMASKED


class Veil:
    """Masks what the forms of a case call sensitive, for whoever does not work with it."""

    def __init__(self, actor: Actor, forms: Iterable[FormDefinition]) -> None:
        fields = [each for form in forms for field in form.fields for each in (field, *field.columns)]
        self._secret: dict[str, Field] = (
            {} if actor.has(*READS_UNMASKED) else {each.key: each for each in fields if each.masked or each.sensitive}
        )

    def __call__(self, value: Any) -> Any:
        """A value with what is sensitive masked, at whatever depth it lies."""
        if isinstance(value, Mapping):
            return {str(key): self._member(str(key), each) for key, each in value.items()}
        if isinstance(value, (list, tuple)):
            return [self(each) for each in value]
        return value

    def _member(self, key: str, value: Any) -> Any:
        field = self._secret.get(key)
        return self(value) if field is None else masked(field, value)
