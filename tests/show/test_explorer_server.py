import os
import re
import signal
import socket
import subprocess
import sys
from http.client import HTTPConnection

import pytest


@pytest.fixture(scope="module")
def served(small_world):
    """The place of the small world's page: host, port and path."""
    line = [sys.executable, "-m", "sim", "explore", str(small_world), "--no-browser"]
    with subprocess.Popen(line, stdout=subprocess.PIPE, text=True) as program:
        said = program.stdout.readline()
        yield re.search(r"http://([^:]+):(\d+)(/\S+/)", said).groups()
        program.send_signal(signal.SIGINT)
        assert program.wait(timeout=30) == 130


def _ask(served, path="", **headers):
    host, port, place = served
    line = HTTPConnection(host, int(port), timeout=30)
    line.request("GET", f"{place}{path}", headers=headers)
    answer = line.getresponse()
    answer.read()
    line.close()
    return answer


UPGRADE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
}


def test_it_listens_on_this_machine_alone(served):
    """127.0.0.1 is nobody else's."""
    assert served[0] == "127.0.0.1"


@pytest.mark.parametrize("path", ["", "page.js", "explorer.js", "explorer.css"])
def test_the_page_is_served_and_may_load_nothing_from_elsewhere(served, path):
    """The browser is told so."""
    answer = _ask(served, path)

    assert answer.status == 200
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_who_does_not_know_the_path_gets_nothing(served):
    """Other users of the machine can see the port."""
    host, port, _ = served

    assert _ask((host, port, "/guess/")).status == 404
    assert _ask((host, port, "/")).status == 404


def test_there_are_no_other_files(served):
    """Neither those of the package nor those of the disk."""
    assert _ask(served, "session.py").status == 404
    assert _ask(served, "../../../../etc/passwd").status == 404


def test_a_page_that_came_by_another_name_gets_nothing(served):
    """A name of somebody else's may lead to 127.0.0.1."""
    assert _ask(served, Host="elsewhere.example").status == 403


def test_a_page_from_elsewhere_gets_no_line(served):
    """Its origin is not this page's."""
    host, port, _ = served
    elsewhere = _ask(served, "socket", Origin="http://elsewhere.example", **UPGRADE)
    here = _ask(served, "socket", Origin=f"http://{host}:{port}", **UPGRADE)

    assert elsewhere.status == 403
    assert here.status == 101


def test_the_address_is_not_told_again_when_somebody_is_refused(small_world):
    """The terminal may be a log that others read."""
    line = [sys.executable, "-m", "sim", "explore", str(small_world), "--no-browser"]
    piped = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(line, **piped) as program:
        place = re.search(r"http://([^:]+):(\d+)(/\S+/)", program.stdout.readline()).groups()
        answers = [_ask(place, Host="elsewhere.example"), _ask(place, "nothing")]
        program.send_signal(signal.SIGINT)
        _, said = program.communicate(timeout=30)

    assert [one.status for one in answers] == [403, 404]
    assert place[2] not in said


LOOK = """
import sys
from urllib.request import urlopen
print(urlopen(sys.argv[1], timeout=60).status, flush=True)
"""


def test_a_browser_in_the_terminal_gets_the_page(small_world, tmp_path):
    """It is waited for until it ends, and the page is served meanwhile."""
    (tmp_path / "look.py").write_text(LOOK, encoding="utf-8")
    line = [sys.executable, "-m", "sim", "explore", str(small_world)]
    browser = {**os.environ, "BROWSER": f"{sys.executable} {tmp_path / 'look.py'} %s"}
    with subprocess.Popen(line, stdout=subprocess.PIPE, text=True, env=browser) as program:
        said = [program.stdout.readline() for _ in "12"]
        program.send_signal(signal.SIGINT)

    assert said[0].startswith("explorer: http://127.0.0.1:")
    assert said[1] == "200\n"


def test_a_bad_scenario_is_told_before_anything_is_served(command, tmp_path):
    """As `sim validate` tells it."""
    (tmp_path / "bad.toml").write_text("title = 3\n")
    done = command("explore", "bad.toml", "--no-browser")

    assert done.returncode == 2
    assert "bad.toml:1:9: title: is 3, must be a text" in done.stderr
    assert done.stdout == ""


def test_a_port_that_is_taken_is_told_in_a_line(command, small_world):
    """It is the environment's fault."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = command("explore", small_world, "--no-browser", "--port", port)

    assert done.returncode == 3
    assert done.stderr.count("\n") == 1
    assert "in use" in done.stderr


def test_without_the_extra_the_command_says_what_to_install(small_world, tmp_path):
    """In one line, and the scenario is not to blame."""
    (tmp_path / "sitecustomize.py").write_text("import sys\nsys.modules['tornado'] = None\n")
    line = [sys.executable, "-m", "sim", "explore", str(small_world), "--no-browser"]
    done = subprocess.run(
        line,
        env={"PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )

    assert done.returncode == 2
    assert 'pip install "ceasefire-sim[explore]"' in done.stderr
    assert done.stderr.count("\n") == 1
