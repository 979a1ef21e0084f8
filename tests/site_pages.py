"""Every page of a site, from its own URL configuration: a new one cannot be forgotten."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse


class NotListed(AssertionError):
    """A page of ours has parameters, and nobody has said which ones to open it with."""


@dataclass(frozen=True)
class SitePage:
    """One pattern.

    Attributes:
        name: with its namespaces, such as ``checkout:payment-page``; may be empty.
        literal: the path, where the pattern has no parameters.
        parameters: what has to be given to build the path.
        ours: the view is escott's or the demo's, not Oscar's or Django's.
    """

    name: str
    literal: str
    parameters: frozenset[str]
    ours: bool

    def urls(
        self, samples: Mapping[str, Iterable[Mapping[str, Any]]], otherwise: Mapping[str, str]
    ) -> Iterator[str]:
        """The paths to open.

        Args:
            samples: the parameters for a page, by its name: one path each.
            otherwise: values by the parameter's name for pages that are not ours.

        Raises:
            NotListed: the page is ours, has parameters, and no samples.
        """
        if not self.parameters:
            yield f"/{self.literal}"
        elif self.name in samples:
            for given in samples[self.name]:
                yield reverse(self.name, kwargs=dict(given))
        elif self.ours:
            wanted = ", ".join(sorted(self.parameters))
            raise NotListed(f"{self.name or self.literal}: say with which {wanted} to open it")
        elif self.name:
            filled = {name: otherwise.get(name, "1") for name in self.parameters}
            yield reverse(self.name, kwargs=filled)


def site_pages() -> list[SitePage]:
    """All pages of the site that the settings name."""
    return list(_walk(get_resolver().url_patterns, "", "", frozenset()))


def _walk(
    patterns: Iterable[Any], prefix: str, namespace: str, parameters: frozenset[str]
) -> Iterator[SitePage]:
    for entry in patterns:
        path = prefix + str(entry.pattern)
        given = parameters | entry.pattern.regex.groupindex.keys()
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from _walk(entry.url_patterns, path, inner, given)
        elif isinstance(entry, URLPattern):
            name = f"{namespace}{entry.name}" if entry.name else ""
            yield SitePage(name, path, given, _is_ours(entry.callback))


def _is_ours(view: Any) -> bool:
    made_by = getattr(view, "view_class", view)
    return str(made_by.__module__).startswith(("escott.", "shop."))
