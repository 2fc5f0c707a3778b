"""What `make run` promises: nothing twice, nothing half, nothing left behind, who falls is put up again."""

import os
import signal
import subprocess
import sys
import threading
import time

import pytest

from embedded.children import Household, Service, side_by_side
from embedded.place import Kept, Stamp, alone, is_free, write
from embedded.say import Trouble

SLEEPS = [sys.executable, "-c", "import time; time.sleep(60)"]


def until(true, within=10):
    deadline = time.monotonic() + within
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.fixture
def sleeper(tmp_path):
    service = Service("sleeper", SLEEPS, folder=tmp_path)
    yield service
    service.stop()


def test_a_second_run_in_the_same_folder_is_told_so(tmp_path):
    with alone(tmp_path, "run"), pytest.raises(Trouble, match=f"process {os.getpid()}"), alone(tmp_path, "run"):
        pytest.fail("two at a time")
    with alone(tmp_path, "run"):
        pass


def test_a_secret_and_a_port_stay_what_they_were(tmp_path):
    first = Kept(tmp_path)
    secret, port = first.secret("key"), first.port("web")
    assert (Kept(tmp_path).secret("key"), Kept(tmp_path).port("web")) == (secret, port)
    assert len(secret) >= 50
    assert (tmp_path / "kept.json").stat().st_mode & 0o077 == 0


def test_a_port_that_somebody_else_has_taken_is_given_up(tmp_path):
    kept = Kept(tmp_path)
    port = kept.port("web")
    listens = f"import socket, time; s = socket.create_server(('127.0.0.1', {port})); time.sleep(60)"
    other = Service("other", [sys.executable, "-c", listens], folder=tmp_path)
    other.start()
    try:
        until(lambda: not is_free(port))
        assert kept.port("web") != port
    finally:
        other.stop()


def test_a_stamp_fits_only_what_it_was_set_for(tmp_path):
    Stamp("step", "a", folder=tmp_path).set()
    assert Stamp("step", "a", folder=tmp_path).fits()
    assert not Stamp("step", "b", folder=tmp_path).fits()


def test_a_file_is_written_whole_and_for_nobody_else(tmp_path):
    write(tmp_path / "deep" / "secret", "x", 0o600)
    assert [p.name for p in (tmp_path / "deep").iterdir()] == ["secret"]
    assert (tmp_path / "deep" / "secret").stat().st_mode & 0o777 == 0o600


def test_what_a_killed_run_has_left_is_ended_before_the_next_start(sleeper, tmp_path):
    sleeper.start()
    left = sleeper.process
    again = Service("sleeper", SLEEPS, folder=tmp_path)
    threading.Thread(target=left.wait).start()  # the dead run would have been its parent
    again.start()
    assert left.poll() is not None
    again.stop()


def test_who_falls_is_put_up_again_and_who_keeps_falling_is_named(tmp_path):
    falls = Service("falls", [sys.executable, "-c", "print('the reason')"], folder=tmp_path)
    household = Household()
    household.services.append(falls)
    falls.start()
    with pytest.raises(Trouble, match=r"falls keeps falling.*(\n.*)*the reason"):
        household.watch()
    assert len(falls.falls) > 5


def test_an_interrupted_step_ends_what_runs_beside_it(tmp_path):
    beside = []

    def slow():
        beside.append(subprocess.Popen(SLEEPS))
        beside[0].wait()

    def broken():
        until(lambda: beside)
        beside[0].send_signal(signal.SIGTERM)
        raise Trouble("broken")

    with pytest.raises(Trouble, match="broken"):
        side_by_side(broken, slow)
    assert beside[0].poll() is not None
