#!/usr/bin/env python3
"""Takes the pictures of docs/pictures anew: `python3 tests/browser/pictures.py`, after `./dev build`. Two people must agree
to the plan that they show."""

import pathlib

from chromium import ROOT, Chromium
from organisation import Organisation

FOLDER = ROOT / "docs/pictures"
LARGEST = 150_000  # bytes


def main():
    FOLDER.mkdir(exist_ok=True)
    organisation = Organisation()
    try:
        organisation.live_through_a_day()
        browser = Chromium()
        try:
            for page in ("overview", "plan"):
                for scheme in ("light", "dark"):
                    browser.show(1280, 900, scheme)
                    browser.open(f"{organisation.origin}/{'' if page == 'overview' else page}")
                    file = FOLDER / f"{page}-{scheme}.png"
                    file.write_bytes(browser.picture())
                    size = file.stat().st_size
                    if size > LARGEST:
                        raise SystemExit(f"{file} has {size} bytes, more than {LARGEST}")
                    print(f"{file.relative_to(pathlib.Path.cwd()) if file.is_relative_to(pathlib.Path.cwd()) else file}: {size} bytes")
        finally:
            browser.end()
    finally:
        organisation.end()


if __name__ == "__main__":
    main()
