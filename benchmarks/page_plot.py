"""Quality against speed as an SVG: a panel for each data set, a dot for each tool."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from math import floor, log10
from typing import NamedTuple

_WIDTH, _HEIGHT, _LEFT, _TOP, _BOTTOM = 340, 280, 46, 34, 44
_INSIDE = _WIDTH - _LEFT - 14
_INK, _FAINT, _OURS, _PEER = "#333", "#ddd", "#0b6e99", "#888"
_LABEL = 11


class Dot(NamedTuple):
    """A tool in a panel. speed: pages per second. quality: 0 to 1. ours: drawn in colour."""

    name: str
    speed: float
    quality: float
    ours: bool


def plot(panels: Sequence[tuple[str, Sequence[Dot]]]) -> str:
    """The panels side by side, two in a row. Speed is on a logarithmic scale, the same in all panels."""
    columns = min(2, len(panels)) or 1
    rows = -(-len(panels) // columns)
    speeds = [d.speed for _, dots in panels for d in dots]
    span = (floor(log10(min(speeds)) * 2) / 2, floor(log10(max(speeds)) * 2 + 1) / 2 + 0.2)
    size = (columns * _WIDTH, rows * _HEIGHT)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size[0]} {size[1]}" width="{size[0]}" '
        f'height="{size[1]}" font-family="sans-serif" font-size="{_LABEL}" fill="{_INK}">',
        '<rect width="100%" height="100%" fill="white"/>',
    ]
    for i, (title, dots) in enumerate(panels):
        parts.append(f'<g transform="translate({i % columns * _WIDTH},{i // columns * _HEIGHT})">')
        parts += _panel(title, dots, span)
        parts.append("</g>")
    return "\n".join([*parts, "</svg>", ""])


def _panel(title: str, dots: Sequence[Dot], span: tuple[float, float]) -> list[str]:
    low = floor(min(d.quality for d in dots) * 20) / 20
    low = min(low, 0.95)

    def x(speed: float) -> float:
        return _LEFT + _INSIDE * (log10(speed) - span[0]) / (span[1] - span[0])

    def y(quality: float) -> float:
        return _TOP + (_HEIGHT - _TOP - _BOTTOM) * (1 - (quality - low) / (1 - low))

    parts = [f'<text x="{_LEFT}" y="18" font-weight="bold">{escape(title)}</text>']
    for tick in range(round(low * 20), 21):
        parts.append(_line(_LEFT, y(tick / 20), _WIDTH - 14, y(tick / 20)))
        parts.append(f'<text x="{_LEFT - 6}" y="{y(tick / 20) + 4:.1f}" text-anchor="end">{tick / 20:.2f}</text>')
    for speed in (1, 3, 10, 30, 100, 300, 1000, 3000):
        if span[0] <= log10(speed) <= span[1]:
            parts.append(_line(x(speed), _TOP, x(speed), _HEIGHT - _BOTTOM))
            parts.append(f'<text x="{x(speed):.1f}" y="{_HEIGHT - 28}" text-anchor="middle">{speed}</text>')
    parts.append(f'<text x="{_LEFT + _INSIDE / 2:.0f}" y="{_HEIGHT - 12}" text-anchor="middle">pages per second</text>')
    return parts + _dots([(x(d.speed), y(d.quality), d) for d in dots])


def _line(x1: float, y1: float, x2: float, y2: float) -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{_FAINT}"/>'


def _dots(placed: list[tuple[float, float, Dot]]) -> list[str]:
    """Dots with their names beside them, names moved down where they would lie on one another."""
    parts = []
    taken: list[tuple[float, float, float]] = []
    for x, y, dot in sorted(placed, key=lambda p: p[1]):
        colour = _OURS if dot.ours else _PEER
        width = len(dot.name) * _LABEL * 0.55
        right = x + 8 + width < _WIDTH
        left = x + 7 if right else x - 7 - width
        down = y + 4
        while any(abs(down - b) < _LABEL and left < a + w and a < left + width for a, b, w in taken):
            down += 2
        taken.append((left, down, width))
        parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{colour}"/>')
        weight = ' font-weight="bold"' if dot.ours else ""
        parts.append(f'<text x="{left:.1f}" y="{down:.1f}" fill="{colour}"{weight}>{escape(dot.name)}</text>')
    return parts
