"""The report of a run: a page in Markdown with a picture for each scenario."""

import pathlib
import platform


def write(folder, name_server, laboratory, stages, seconds, more=()):
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    lines = [f"# Lab report: {name_server}", "",
             f"{len(stages)} scenarios in {seconds:.0f} s on {platform.node() or 'this machine'}; the lab itself was up after "
             f"{laboratory.seconds:.1f} s ({', '.join(laboratory.laps)}).", "",
             "| scenario | | checks | seconds |", "|---|---|---|---|"]
    for stage in stages:
        held = sum(holds for holds, _ in stage.checks)
        lines.append(f"| [{stage.name}](#{stage.name}) | {'passed' if stage.passed else '**failed**'} | {held} of "
                     f"{len(stage.checks)} | {stage.seconds:.0f} |")
    if more:
        lines += ["", *more]
    for stage in stages:
        lines += ["", f"## {stage.name}", "", stage.why + ".", ""]
        stage.draw(folder)
        if (folder / f"{stage.name}.svg").exists():
            lines += [f"![{stage.name}]({stage.name}.svg)", ""]
        lines += [f"- {name}: {value}" for name, value in stage.facts]
        lines += ["", "Checked:", ""]
        lines += [f"- {'ok' if holds else '**failed**'}: {text}" for holds, text in stage.checks]
    (folder / "report.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
