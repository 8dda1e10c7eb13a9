"""A time line as SVG: messages per second by what became of them, actions as marks."""

import math
from xml.sax.saxutils import escape

WIDTH, LANE, LEFT, RIGHT, TOP = 1100, 130, 60, 20, 36
COLOURS = {"s1e1": "#1f5fa8", "s1e2": "#6fa3dd", "s2e1": "#2c8a3d", "s2e2": "#86cf90", "bounced": "#e08a1e", "lost": "#c8281e"}


def _bins(source, began, seconds):
    """By second of sending: {what: count}."""
    bins = [dict() for _ in range(seconds)]
    for number, at in source.sent.items():
        place = math.floor(at - began)
        if not 0 <= place < seconds:
            continue
        if number in source.answered:
            what = source.answered[number][1]
        else:
            what = "bounced" if number in source.bounced else "lost"
        bins[place][what] = bins[place].get(what, 0) + 1
    return bins


def _lane(title, bins, top, scale):
    most = max((sum(each.values()) for each in bins), default=1) or 1
    lines = [f'<text x="{LEFT}" y="{top - 6}" font-size="13" font-weight="bold">{escape(title)}</text>',
             f'<text x="{LEFT - 6}" y="{top + 10}" font-size="10" text-anchor="end">{most}/s</text>',
             f'<line x1="{LEFT}" y1="{top + LANE}" x2="{WIDTH - RIGHT}" y2="{top + LANE}" stroke="#888"/>']
    for second, counts in enumerate(bins):
        height = top + LANE
        for what, colour in COLOURS.items():
            if what not in counts:
                continue
            tall = counts[what] / most * LANE
            height -= tall
            lines.append(f'<rect x="{LEFT + second * scale:.1f}" y="{height:.1f}" width="{max(scale - 1, 1):.1f}" '
                         f'height="{tall:.1f}" fill="{colour}"><title>{second} s: {what} {counts[what]}</title></rect>')
    return lines


def _marks(marks, began, top, bottom, scale):
    lines = []
    for row, (at, label) in enumerate(sorted(marks)):
        x = LEFT + max(0.0, at - began) * scale
        y = bottom + 16 + 13 * row
        lines.append(f'<line x1="{x:.1f}" y1="{top}" x2="{x:.1f}" y2="{y - 9}" stroke="#444" stroke-dasharray="3 3"/>')
        anchor = "start" if x < WIDTH * 0.55 else "end"
        lines.append(f'<text x="{x:.1f}" y="{y}" font-size="11" text-anchor="{anchor}">{at - began:.1f} s  {escape(label)}</text>')
    return lines


def time_line(title, sources, began, ended, marks):
    """`marks`: (time, label). Returns the text of the SVG."""
    seconds = max(1, int(ended - began) + 1)
    scale = (WIDTH - LEFT - RIGHT) / seconds
    lanes, top = [], TOP + 30
    for protocol, source in sources.items():
        lanes += _lane(f"{protocol.upper()}: messages a second, by what became of them", _bins(source, began, seconds), top, scale)
        top += LANE + 40
    bottom = top - 40
    ticks = [f'<text x="{LEFT + second * scale:.1f}" y="{bottom + 12}" font-size="10" fill="#666">{second}</text>'
             for second in range(0, seconds, max(1, seconds // 20))]
    height = bottom + 40 + 13 * len(marks)
    key = []
    for place, (what, colour) in enumerate(COLOURS.items()):
        x = LEFT + place * 110
        key.append(f'<rect x="{x}" y="{TOP - 14}" width="11" height="11" fill="{colour}"/>'
                   f'<text x="{x + 15}" y="{TOP - 4}" font-size="11">{what}</text>')
    body = [f'<text x="{LEFT}" y="17" font-size="14" font-weight="bold">{escape(title)}</text>', *key, *ticks, *lanes,
            *_marks(marks, began, TOP + 30, bottom, scale)]
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}" '
            f'font-family="sans-serif">\n<rect width="100%" height="100%" fill="white"/>\n' + "\n".join(body) + "\n</svg>\n")
