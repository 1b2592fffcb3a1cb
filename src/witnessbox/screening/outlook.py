"""Where the review stands: what was found, what the rules say, and what to do next.  Pure."""

from dataclasses import dataclass

from witnessbox.screening.certificate import Bound, Certificate, certify
from witnessbox.screening.forecast import Plan, fit, plan
from witnessbox.screening.material import Material, View
from witnessbox.screening.stopping import error_of_draw


@dataclass(frozen=True, slots=True)
class Outlook:
    """The figures, a forecast of what is left, and a sample worth drawing; none where unknown."""

    figures: Certificate
    forecast_left: float | None
    planned: Plan | None

    @property
    def open_sample(self) -> Bound | None:
        """Give the sealed sample that is not read whole yet."""
        return next((one for one in self.figures.bounds if one.fits and not one.complete), None)


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
    return Outlook(figures, left, planned)
