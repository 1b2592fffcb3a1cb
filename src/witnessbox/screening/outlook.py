"""Where the review stands: what was found, what the rules say, and what to do next.  Pure."""

from dataclasses import dataclass

from witnessbox.screening.certificate import Bound, Certificate, certify
from witnessbox.screening.forecast import Plan, fit, plan
from witnessbox.screening.material import Material, View
from witnessbox.screening.stopping import error_of_draw

_THINNING = -0.5
"""A slope of the tail: relevant messages are half as many after reading four times as much."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """The figures, a forecast of what is left, and a sample worth drawing; none where unknown.

    While relevant messages have hardly grown rarer, nothing is forecast: how many are left then
    hangs on the size of the pile alone.
    """

    figures: Certificate
    forecast_left: float | None
    planned: Plan | None

    @property
    def open_sample(self) -> Bound | None:
        """Give the sealed sample that is not read whole yet."""
        return next((one for one in self.figures.bounds if one.fits and not one.complete), None)

    @property
    def too_early(self) -> bool:
        """Say whether far more is to be read before a sample is worth drawing."""
        return self.planned is not None and self.planned.read > 2 * self.figures.read


def outlook(material: Material) -> Outlook:
    """Work out where the review stands."""
    figures, sequence = certify(material), View(material).in_sequence()
    places = [place for place, relevant in enumerate(sequence, 1) if relevant]
    tail = fit(places, len(sequence))
    if tail is None or len(sequence) >= figures.population:
        return Outlook(figures, None, None)
    left = float(tail.left(tail.read, figures.population))
    error = error_of_draw(len(figures.bounds) + 1, figures.error)
    planned = plan(tail, figures.relevant, figures.population, error, figures.target)
    return Outlook(figures, left if tail.slope > _THINNING else None, planned)
