"""The instructors' guide and what it tells to use: tables of marks, archive, buttons."""

import importlib.util
import io
import re
import shlex
import shutil
import subprocess
import textwrap
import zipfile
from pathlib import Path
from types import SimpleNamespace

import launch
import marks
import nbformat
import pytest
import yaml

from neuro_lib.coursework import Student, judge_number, problems_1

ROOT = Path(__file__).parent.parent
GOALS = yaml.safe_load((ROOT / "docs" / "guide" / "goals.yml").read_text("utf-8"))
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
ADDRESS = "https://github.com/owner/name"


def load(path):
    spec = importlib.util.spec_from_file_location(Path(path).stem, ROOT / path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


archive, colab = load("tools/archive.py"), load("tools/colab.py")
SETS = marks.sets(ROOT / "coursework" / "source")
every_set = pytest.mark.parametrize("name", SETS)


def graded(name):
    """Nbgrader's word on each task of a set, read without the table's own code."""
    cells = nbformat.read(SETS[name], as_version=4).cells
    return [m for c in cells if (m := c.metadata.get("nbgrader", {})).get("grade")]


@every_set
def test_table_has_each_task_with_its_marks(name):
    found = marks.tasks(nbformat.read(SETS[name], as_version=4))
    assert [(task[1], task[3]) for task in found] == [(m.grade_id, m.points) for m in graded(name)]
    assert all(heading for heading, *_ in found)
    text = marks.table(name, found, GOALS.get(name, {})).astext()
    assert text.endswith(f"{sum(m.points for m in graded(name)):g}")


@every_set
def test_goals_name_each_task_of_a_set_that_they_list(name):
    if name in GOALS:
        assert set(GOALS[name]) == {m.grade_id for m in graded(name)}


def test_example_of_a_new_problem_works_as_the_guide_shows_it():
    guide = (ROOT / "docs" / "guide" / "coursework.md").read_text("utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", guide, re.DOTALL)
    names = {"given": problems_1.given, "judge_number": judge_number}
    exec(textwrap.dedent(f"   {code.lstrip()}"), names)
    me = Student("ada")
    right = 1000 / problems_1.given(me).lif.t_ref
    assert names["check_top_rate"](right, me).right
    for wrong in (None, right / 1000, -right, 1.1 * right):
        assert names["check_top_rate"](wrong, me).score == 0


def test_guide_names_files_that_are_there():
    for page in ("coursework", "deploy"):
        text = (ROOT / "docs" / "guide" / f"{page}.md").read_text("utf-8")
        for path in re.findall(r"(?<![\w/.])(?:tools)/[\w./]+\.(?:\w+)", text):
            assert (ROOT / path).is_file(), path


# The archive


def test_archive_holds_the_book_and_is_the_same_each_time(tmp_path, capsys):
    book = tmp_path / "html"
    (book / "chapters").mkdir(parents=True)
    (book / "index.html").write_text("first", "utf-8")
    (book / "chapters" / "a.html").write_text("second", "utf-8")
    made = []
    for name in ("one", "two"):
        path = tmp_path / name / "course.zip"
        assert archive.main(["--book", str(book), "--archive", str(path)]) is None
        made.append(path.read_bytes())
    assert made[0] == made[1]
    packed = zipfile.ZipFile(io.BytesIO(made[0]))
    assert packed.namelist() == ["course/chapters/a.html", "course/index.html"]
    assert packed.read("course/chapters/a.html") == b"second"
    assert "2 files" in capsys.readouterr().out


def test_archive_lists_the_explorers_that_can_be_embedded(tmp_path, capsys):
    (tmp_path / "explorers").mkdir()
    for name in ("index.html", "explorers/volley.html", "explorers/lif_step.html"):
        (tmp_path / name).write_text("page", "utf-8")
    archive.main(["--book", str(tmp_path), "--archive", str(tmp_path.parent / "course.zip")])
    assert "explorers/: lif_step.html, volley.html" in capsys.readouterr().out


def test_archive_of_no_book_says_how_to_build_one(tmp_path):
    assert "make book" in archive.main(["--book", str(tmp_path)])


# The repository's address


def head(address, suffix=".ipynb"):
    """Buttons at the head of a page, with an address set."""
    app = SimpleNamespace(config=SimpleNamespace(course_repository=address), srcdir="/nowhere")
    context = {"header_buttons": [], "page_source_suffix": suffix, "body": ""}
    launch.add_buttons(app, "chapters/if_model", "page.html", context, object())
    return context["header_buttons"]


def test_chapter_has_buttons_once_the_address_is_set():
    (menu,) = head(ADDRESS)
    assert [b["url"] for b in menu["buttons"]] == [
        "https://mybinder.org/v2/gh/owner/name/main?urlpath=lab%2Ftree%2Fchapters%2Fif_model.ipynb",
        "https://colab.research.google.com/github/owner/name/blob/colab/chapters/if_model.ipynb",
    ]
    assert head(ADDRESS + ".git") == head(ADDRESS + "/") == [menu]


def test_no_button_without_address_or_without_notebook():
    assert head("") == head(ADDRESS, ".md") == []


def test_address_elsewhere_is_refused():
    with pytest.raises(ValueError, match="OWNER/NAME"):
        head("https://example.org/name")


def test_copy_for_colab_installs_first_and_stays_a_notebook():
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("import neuro_lib")])
    copy = colab.for_colab(notebook, ADDRESS)
    nbformat.validate(copy)
    assert copy.cells[0].source == f'%pip install --quiet "neuro_lib @ git+{ADDRESS}"'
    assert copy.cells[1].source == "import neuro_lib"


def test_copy_for_colab_has_no_link_to_a_figure_of_the_book():
    text = nbformat.v4.new_markdown_cell("At [0.4 nA](live:lif_step.I), see [a](https://a.org).")
    copy = colab.for_colab(nbformat.v4.new_notebook(cells=[text]), ADDRESS)
    assert copy.cells[1].source == "At 0.4 nA, see [a](https://a.org)."


# What others run


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_workflow_pins_actions_and_grants_little(path):
    text = path.read_text("utf-8")
    assert yaml.safe_load(text)["permissions"] == {"contents": "read"}
    used = re.findall(r"uses: (.*)", text)
    assert used
    for action in used:
        assert re.fullmatch(r"actions/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", action)


ELSEWHERE = {"gh", "python", ".venv/bin/python"}  # a runner has two of them, `make` makes one


def steps(path):
    """Each line that a workflow runs, as its words; a variable's value is not looked into."""
    jobs = yaml.safe_load(path.read_text("utf-8"))["jobs"].values()
    for step in (step for job in jobs for step in job["steps"]):
        for line in step.get("run", "").splitlines():
            yield shlex.split(re.sub(r"^\w+=\$\((.*)\)$", r"\1", line))


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_each_command_of_a_workflow_is_there(path):
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    lines = list(steps(path))
    assert lines
    for command, *arguments in lines:
        assert command in ELSEWHERE or shutil.which(command), command
        if command == "make":
            assert {word for word in arguments if "=" not in word} <= targets
        for word in arguments:
            assert not word.endswith(".py") or (ROOT / word).is_file(), word


def test_workflows_test_each_python_and_system():
    jobs = yaml.safe_load((ROOT / ".github/workflows/test.yml").read_text("utf-8"))["jobs"]
    tested = {step["run"] for job in jobs.values() for step in job["steps"] if "run" in step}
    assert tested == {"make lint test PYTHON=python", "make check PYTHON=python"}
    assert jobs["test"]["strategy"]["matrix"]["python"] == ["3.11", "3.12", "3.13"]
    systems = " ".join(jobs["check"]["strategy"]["matrix"]["system"])
    assert "macos" in systems and "windows" in systems


def test_images_of_the_hub_hold_no_source_of_a_problem_set():
    copied = re.findall(
        r"^COPY (.*)", (ROOT / "tools/deploy/Dockerfile").read_text("utf-8"), re.MULTILINE
    )
    assert copied
    assert not any(re.search(r"coursework|(^| )\.( |/)", line) for line in copied)


@pytest.mark.parametrize(
    "path", sorted((ROOT / "tools" / "deploy").glob("*.yml")), ids=lambda p: p.stem
)
def test_configuration_is_yaml(path):
    assert isinstance(yaml.safe_load(path.read_text("utf-8")), dict)


@pytest.mark.parametrize("script", ["tools/deploy/grade_share.sh", ".binder/postBuild"])
def test_scripts_can_be_run(script):
    assert (ROOT / script).stat().st_mode & 0o111
    subprocess.run(["sh", "-n", ROOT / script], check=True)
