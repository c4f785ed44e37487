"""US dollars in the database, exact on every backend."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

NANO = 1_000_000_000
MOST_USD = 1_000_000  # far over any price or ceiling, far under what the column holds

if TYPE_CHECKING:
    Set = TypeVar("Set")
    Get = TypeVar("Get")

    class Integers(models.BigIntegerField[Set, Get]):
        """What type checkers see: dollars, not integers, and None where the column may be null."""

        _pyi_private_set_type: Decimal | int | models.expressions.Combinable  # type: ignore[assignment]
        _pyi_private_get_type: Decimal  # type: ignore[assignment]
else:
    Integers = models.BigIntegerField


class UsdField(Integers):  # type: ignore[type-arg]
    """US dollars: `Decimal` in Python, whole nano dollars (1e-9) in the database.

    SQLite keeps decimals as floats, and sums of floats drift; one token may cost less than a micro dollar.
    """

    description = "US dollars, kept as nano dollars"
    default_validators = [MinValueValidator(0), MaxValueValidator(MOST_USD)]

    def from_db_value(self, value: int | None, *_: Any) -> Decimal | None:
        """Decimal dollars from the stored nano dollars; sums and differences come through here too."""
        return None if value is None else Decimal(int(value)) / NANO

    def to_python(self, value: Any) -> Decimal | None:
        """Decimal dollars from what a form or a fixture gives."""
        try:
            amount = None if value is None else Decimal(str(value))
        except ArithmeticError as error:
            raise ValidationError(f"{value!r} is not an amount in US dollars.") from error
        if amount is not None and not amount.is_finite():
            raise ValidationError(f"{value!r} is not an amount in US dollars.")
        return amount

    def get_prep_value(self, value: Any) -> int | None:
        """Whole nano dollars, rounded up: a ceiling or a cost is never understated."""
        dollars = self.to_python(value)
        if dollars is None:
            return None
        return int((dollars * NANO).to_integral_value(rounding="ROUND_CEILING"))

    def formfield(self, **kwargs: Any) -> Any:
        """A decimal form field."""
        from django import forms

        return models.Field.formfield(
            self, **{"form_class": forms.DecimalField, "min_value": 0, "max_value": MOST_USD, **kwargs}
        )
