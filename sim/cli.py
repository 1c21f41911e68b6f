"""The command `sim`: it reads arguments, calls what does the work, and prints; it decides nothing.

Heavy modules are imported by the command that needs them, so that help is there at once.
"""

import json
import os
import signal
import sys
import warnings
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

if TYPE_CHECKING:
    from sim.results.results import Results
    from sim.scenario.scenario import Scenario
    from sim.study.run import Engine

DONE, FAILED, WRONG_INPUT, ENVIRONMENT, INTERRUPTED, TERMINATED = 0, 1, 2, 3, 130, 143
_UsageError: type[Exception] = typer.BadParameter.__bases__[0]

app = typer.Typer(
    name="sim",
    help="Play ceasefire violations and response plans through, many times on keyed luck.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

ScenarioFile = Annotated[Path, typer.Argument(metavar="SCENARIO", help="A scenario file (TOML).")]
Sets = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="PATH=VALUE", help="Change a value; may be given several times."),
]
Seed = Annotated[int | None, typer.Option(min=0, help="The seed; default: the scenario's.")]
EngineName = Annotated[
    str, typer.Option("--engine", help="compiled, or simpy: the same rows, readable and slow.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]


class _WrongInputError(Exception):
    """Something that the user asked for cannot be."""


@app.command("run")
def run_command(
    scenario: ScenarioFile,
    replications: Annotated[int | None, typer.Option(min=1, help="How many runs.")] = None,
    seed: Seed = None,
    sets: Sets = None,
    engine: EngineName = "compiled",
    out: Annotated[Path | None, typer.Option(help="A new folder for the results.")] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Threads, or processes for simpy; default: all.")
    ] = None,
    crises: Annotated[bool, typer.Option("--crises", help="Also write a row a crisis.")] = False,
    as_json: AsJson = False,
) -> None:
    """Run a scenario many times; print the summary and write a results folder."""
    from sim.results.folder import free_folder, is_free
    from sim.study.run import run

    plan = _load(scenario, sets, {"run.replications": replications, "run.seed": seed})
    if out is not None and not is_free(out):
        raise _WrongInputError(f"--out {out}: holds something already, must be new or empty")
    parent = Path("results") if out is None else out.parent
    results = run(plan, engine=_engine(engine), workers=workers, crises=crises, scratch=parent)
    if not as_json:
        _print_summary(results)
    name = f"{scenario.stem}-{results.run_id[:8]}"
    folder = results.save(out or free_folder(parent, name), crises=crises)
    pictures = _save_figures(results, folder / "figures")
    if as_json:
        summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
        _print_json({"folder": str(folder), "figures": [str(one) for one in pictures], **summary})
    else:
        print(f"results:  {folder}")
        for picture in (one for one in pictures if one.suffix == ".png"):
            print(f"picture:  {picture}")


def _save_figures(results: "Results", folder: Path) -> list[Path]:
    from sim.show.figures import save_all

    return save_all(results, folder)


def _print_summary(results: "Results") -> None:
    from sim.show.text import console, summary_tables

    screen = console()
    for part in summary_tables(results):
        screen.print(part)
        screen.print()
    sys.stdout.flush()


@app.command("trace")
def trace_command(
    scenario: ScenarioFile,
    run: Annotated[int, typer.Option(min=0, help="Which run: the row of the same number.")] = 0,
    seed: Seed = None,
    sets: Sets = None,
    engine: EngineName = "simpy",
    brief: Annotated[
        bool, typer.Option("--brief", help="Leave out fighting below the crisis's quiet_level.")
    ] = False,
    out: Annotated[Path | None, typer.Option(help="Write the events to this new CSV file.")] = None,
    figure: Annotated[Path | None, typer.Option(help="Draw the timeline to this new file.")] = None,
    as_json: AsJson = False,
) -> None:
    """Tell one run, event by event."""
    from sim.show.text import story
    from sim.study.run import trace

    for file in (out, figure):
        _check_new(file)
    plan = _load(scenario, sets, {"run.seed": seed})
    told = trace(plan, run, brief=brief, engine=_engine(engine))
    if out is not None:
        _write_new(out, told.to_csv(index=False))
    if figure is not None:
        from sim.show.timeline import save_timeline

        save_timeline(trace(plan, run), plan, run, figure)
    if as_json:
        _print_json(json.loads(told.to_json(orient="records", double_precision=15)))
    elif out is None and figure is None:
        for line in story(told):
            print(line)
    else:
        for file in (out, figure):
            if file is not None:
                print(f"written:  {file}")


@app.command("validate")
def validate_command(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Scenario files.")],
    as_json: AsJson = False,
) -> None:
    """Check scenario files; say everything that is wrong with them."""
    from sim.scenario.loading import load
    from sim.scenario.problems import Problem, ScenarioError

    found: dict[str, tuple[Problem, ...]] = {}
    for path in files:
        found[str(path)] = ()
        try:
            load(path)
        except ScenarioError as error:
            found[str(path)] = error.problems
    if as_json:
        _print_json(
            [
                {"file": file, "ok": not problems, "problems": [one.as_dict() for one in problems]}
                for file, problems in found.items()
            ]
        )
    for file, problems in found.items():
        if not problems and not as_json:
            print(f"{file}: ok")
        for problem in problems:
            print(problem, file=sys.stderr)
    if any(found.values()):
        raise typer.Exit(WRONG_INPUT)


@app.command("sources")
def sources_command(scenario: ScenarioFile, sets: Sets = None, as_json: AsJson = False) -> None:
    """Show every value of a scenario, its grade, and the source that it rests on."""
    from sim.scenario.sources import grade_counts, sourced_values

    plan = _load(scenario, sets, {})
    if as_json:
        values = [value._asdict() for value in sourced_values(plan)]
        _print_json({"title": plan.title, "counts": grade_counts(plan), "values": values})
        return
    from sim.show.evidence import sources_page
    from sim.show.text import console

    screen = console()
    for line in sources_page(plan, screen.width):
        screen.print(line, soft_wrap=True)
    sys.stdout.flush()


@app.command("new")
def new_command(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file to write.")],
) -> None:
    """Write a commented scenario to start from."""
    from importlib.resources import files

    _check_new(file)
    _write_new(file, files("sim.scenario").joinpath("new.toml").read_text(encoding="utf-8"))
    print(f"written:  {file}")


def _load(file: Path, sets: list[str] | None, options: dict[str, int | None]) -> "Scenario":
    """Return the scenario with what the options change; they count as sets ahead of the others."""
    from sim.scenario.loading import load, parsed_change

    given = [(path, value) for path, value in options.items() if value is not None]
    return load(file, [*map(parsed_change, sets or ()), *given])


def _engine(name: str) -> "Engine":
    from sim.study.run import engine_of

    try:
        return engine_of(name)
    except ValueError as error:
        raise _WrongInputError(f"--{error}") from None


def _check_new(file: Path | None) -> None:
    if file is not None and file.exists():
        raise _WrongInputError(f"{file}: is there already, must be a new file")


def _write_new(file: Path, text: str) -> None:
    with file.open("x", encoding="utf-8", newline="") as opened:
        opened.write(text)


def _print_json(document: object) -> None:
    print(json.dumps(document, indent=1, ensure_ascii=False))


def _stop(_signal: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(TERMINATED)


def _warning(
    message: Warning | str,
    category: type[Warning],  # noqa: ARG001 - what `warnings` hands over
    filename: str,  # noqa: ARG001 - as above
    lineno: int,  # noqa: ARG001 - as above
    line: str | None = None,  # noqa: ARG001 - as above
) -> str:
    return f"sim: {message}\n"


def _say(text: object) -> None:
    print(text, file=sys.stderr)


def main() -> None:
    """Run the command, and leave with the exit code that says how it went."""
    signal.signal(signal.SIGTERM, _stop)
    warnings.formatwarning = _warning
    sys.exit(_exit_code())


def _exit_code() -> int:
    """Return 0 done, 1 a run failed, 2 wrong input, 3 disk or environment, 130 interrupted."""
    try:
        return app(standalone_mode=False) or DONE
    except BrokenPipeError:
        # Whoever read the output has read enough; Python must not complain again while leaving.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except (typer.Abort, KeyboardInterrupt):
        _say("sim: interrupted")
        return INTERRUPTED
    except (_UsageError, _WrongInputError) as error:
        _say(f"sim: {getattr(error, 'format_message', error.__str__)()}")
        return WRONG_INPUT
    except OSError as error:
        _say(f"{error.filename or 'sim'}: {error.strerror or error}")
        return ENVIRONMENT
    except Exception as error:  # noqa: BLE001 - the last place where it can be said in a line
        return _said(error)


def _said(error: Exception) -> int:
    """Say what is wrong with a scenario, or that something failed that should not have."""
    from sim.scenario.problems import ScenarioError
    from sim.study.run import RunawayError

    if isinstance(error, ScenarioError):
        _say(error)
        return WRONG_INPUT
    if isinstance(error, RunawayError):
        _say(f"sim: {error}")
        return FAILED
    if os.environ.get("CEASEFIRE_SIM_DEBUG"):
        raise error
    kind = type(error).__name__
    _say(f"sim: failed: {kind}: {error} (CEASEFIRE_SIM_DEBUG=1 shows where)")
    return FAILED
