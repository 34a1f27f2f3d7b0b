"""Shipping over HTTP: in order, byte by byte, whatever the receiver answers."""

from __future__ import annotations

import base64
import gzip
import threading
import time
from dataclasses import replace
from email.utils import formatdate
from pathlib import Path

import pytest

from atalaia.ship.destination import Wishes
from tests.atalaia.pipeline.inputs.certificates import PASSPHRASE
from tests.atalaia.pipeline.inputs.network_inputs import Sink, run_input
from tests.atalaia.pipeline.outputs.http_servers import CLOSE, Answering, answering
from tests.atalaia.ship.shippers import DEADLINE, FAST, Shipper, numbered, until, write_lines
from tests.ports import free_port

RECEIVER = (
    'http {{ port => {port} host => "127.0.0.1" codec => line {{ ecs_compatibility => disabled }} '
    "additional_codecs => {{}} ecs_compatibility => disabled "
    'remote_host_target_field => "[@metadata][h]" request_headers_target_field => "[@metadata][r]" }}'
)


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    """A directory for logs."""
    directory = tmp_path / "logs"
    directory.mkdir()
    return directory


def shipper_to(server: Answering, tmp_path: Path) -> Shipper:
    """Return a shipper to a server."""
    return Shipper(tmp_path / "home", Wishes(server.url))


def taken(server: Answering) -> list[bytes]:
    """Return the lines that were answered with success."""
    return b"".join(server.taken).splitlines()


def test_lines_are_delivered_in_order_and_once(tmp_path: Path, logs: Path) -> None:
    """Two files, the older first; a second run has nothing to do, a third only what is new."""
    write_lines(logs / "a-2024-01-14.ndjson", numbered(0, 300))
    write_lines(logs / "a-2024-01-15.ndjson", numbered(300, 500))
    with answering() as server:
        shipper = shipper_to(server, tmp_path)
        report = shipper.once(logs)
        assert (report.tally.lines, report.behind, report.gave_up) == (500, 0, None)
        assert taken(server) == numbered(0, 500)
        assert shipper.once(logs).tally.lines == 0
        write_lines(logs / "a-2024-01-15.ndjson", numbered(500, 510))
        assert shipper.once(logs).tally.lines == 10
        assert taken(server) == numbered(0, 510)


def test_a_request_says_what_it_is(tmp_path: Path, logs: Path) -> None:
    """Method, path, content type, user and further headers; nobody else's business is in it."""
    write_lines(logs / "a.ndjson", [b"one"])
    with answering() as server:
        wishes = Wishes(f"{server.url}/in?x=1", user="me", password=PASSPHRASE, headers=("X-Env: prod",))
        Shipper(tmp_path / "home", wishes).once(logs)
        (request,) = server.received
    assert (request.method, request.path, request.body) == ("POST", "/in?x=1", b"one\n")
    assert request.headers["content-type"] == "application/x-ndjson"
    assert request.headers["authorization"] == "Basic " + base64.b64encode(f"me:{PASSPHRASE}".encode()).decode()
    assert request.headers["x-env"] == "prod"


def test_bodies_are_compressed_when_wished(tmp_path: Path, logs: Path) -> None:
    """With ``compress`` a body is gzip and says so."""
    write_lines(logs / "a.ndjson", numbered(0, 50))
    with answering() as server:
        Shipper(tmp_path / "home", Wishes(server.url, compress=True)).once(logs)
        (request,) = server.received
    assert request.headers["content-encoding"] == "gzip"
    assert gzip.decompress(request.body).splitlines() == numbered(0, 50)


def test_batches_keep_their_bounds(tmp_path: Path, logs: Path) -> None:
    """No more lines and no more bytes than allowed, line ends included; a longer line goes alone."""
    write_lines(logs / "a.ndjson", [b"x" * 9] * 25 + [b"y" * 500, b"z"])
    with answering() as server:
        shipper = replace(shipper_to(server, tmp_path), policy=replace(FAST, batch_lines=10, batch_bytes=60))
        shipper.once(logs)
        sizes = [len(body) for body in server.taken]
    assert sizes == [60, 60, 60, 60, 10, 501, 2]


def test_odd_bytes_arrive_as_they_are(tmp_path: Path, logs: Path) -> None:
    """NUL bytes, carriage returns, blank lines and letters of any script are delivered byte by byte."""
    lines = [b"a\0b", b"", b"  ", b"end\r", "ç😀".encode(), b"\xef\xbb\xbfbom"]
    write_lines(logs / "a.ndjson", lines)
    with answering() as server:
        shipper_to(server, tmp_path).once(logs)
        assert b"".join(server.taken) == b"".join(line + b"\n" for line in lines)


def test_what_is_no_utf_8_is_kept_with_its_bytes(tmp_path: Path, logs: Path) -> None:
    """An HTTP receiver would replace it, so it becomes a dead letter; the lines around it are delivered."""
    write_lines(logs / "a.ndjson", [b"before", b"caf\xe9", b"after"])
    with answering() as server:
        shipper = shipper_to(server, tmp_path)
        report = shipper.once(logs)
        assert taken(server) == [b"before", b"after"]
    (letter,) = shipper.letters
    assert report.tally.letters == 1
    assert letter["reason"] == "the line is not UTF-8, which the receiver would replace"
    event = letter["event"]
    assert isinstance(event, dict)
    assert base64.b64decode(event["base64"]) == b"caf\xe9"
    assert (event["path"], event["offset"]) == (str(logs / "a.ndjson"), 7)


def test_a_line_of_ten_megabytes_blocks_nothing(tmp_path: Path, logs: Path) -> None:
    """It is a dead letter with its beginning and the reason; its neighbours arrive."""
    write_lines(logs / "a.ndjson", [b"before", b"x" * 10_000_000, b"after"])
    with answering() as server:
        shipper = shipper_to(server, tmp_path)
        report = shipper.once(logs)
        assert taken(server) == [b"before", b"after"]
    assert (report.tally.letters, report.behind) == (1, 0)
    assert shipper.letters[0]["reason"] == "the line is longer than 1,048,576 bytes"


def test_an_unfinished_line_waits_for_its_end(tmp_path: Path, logs: Path) -> None:
    """It is not delivered, but told of; once it has an end it is delivered as a whole."""
    write_lines(logs / "a.ndjson", [b"whole"])
    with (logs / "a.ndjson").open("ab") as file:
        file.write(b"torn")
    with answering() as server:
        shipper = shipper_to(server, tmp_path)
        assert shipper.once(logs).unfinished == ((str(logs / "a.ndjson"), 4),)
        assert taken(server) == [b"whole"]
        write_lines(logs / "a.ndjson", [b" no more"])
        assert shipper.once(logs).unfinished == ()
        assert taken(server) == [b"whole", b"torn no more"]


def test_a_compressed_file_is_continued(tmp_path: Path, logs: Path) -> None:
    """A day that was compressed after a part of it was delivered is delivered from there on."""
    write_lines(logs / "a.ndjson", numbered(0, 100))
    with answering() as server:
        shipper = shipper_to(server, tmp_path)
        shipper.once(logs)
        write_lines(logs / "a.ndjson", numbered(100, 150))
        (logs / "a.ndjson.gz").write_bytes(gzip.compress((logs / "a.ndjson").read_bytes()))
        (logs / "a.ndjson").unlink()
        assert shipper.once(logs).tally.lost_bytes == 0
        assert taken(server) == numbered(0, 150)


@pytest.mark.parametrize("status", [500, 502, 503, 429, 401, 404, 301, 408])
def test_what_is_not_about_the_lines_is_tried_again(tmp_path: Path, logs: Path, status: int) -> None:
    """Whatever the receiver says of itself, the same batch comes again until it is taken, in order."""
    write_lines(logs / "a.ndjson", numbered(0, 60))
    with answering(lambda _body, number: 200 if number > 2 else status) as server:
        shipper = replace(shipper_to(server, tmp_path), policy=replace(FAST, batch_lines=20))
        with shipper.follow(logs) as end:
            until(lambda: len(taken(server)) == 60)
            report = end()
        assert taken(server) == numbered(0, 60)
    assert (report.tally.again, report.tally.letters) == (3, 0)


@pytest.mark.parametrize("form", ["seconds", "date"])
def test_a_receiver_says_when_to_come_again(tmp_path: Path, logs: Path, form: str) -> None:
    """``Retry-After``, in seconds or as a date, is heeded, however short the shipper's own pause is."""
    write_lines(logs / "a.ndjson", [b"one"])
    headers = {"Retry-After": "1"}

    def answer(_body: bytes, number: int) -> int:
        if form == "date":
            headers["Retry-After"] = formatdate(time.time() + 3, usegmt=True)  # of now: much may be going on here
        return 200 if number else 503

    with answering(answer, headers=headers) as server:
        began = time.monotonic()
        shipper_to(server, tmp_path).once(logs)
        assert time.monotonic() - began >= 1
        assert len(server.received) == 2


def test_a_connection_that_is_cut_in_the_middle_of_an_answer_delivers_again(tmp_path: Path, logs: Path) -> None:
    """No answer, no delivery: the batch comes again, and the position has not moved before."""
    write_lines(logs / "a.ndjson", numbered(0, 10))
    with answering(lambda _body, number: 200 if number > 3 else CLOSE) as server:
        report = shipper_to(server, tmp_path).once(logs)
        assert taken(server) == numbered(0, 10)
    assert report.tally.lines == 10
    assert len(server.received) == 5


def test_a_batch_that_is_too_large_is_split(tmp_path: Path, logs: Path) -> None:
    """413 halves the batch, later ones are smaller at once; a line that alone is too large is a dead letter."""
    write_lines(logs / "a.ndjson", [*numbered(0, 100), b"x" * 5_000, *numbered(100, 200)])
    with answering(lambda body, _number: 413 if len(body) > 600 else 200) as server:
        shipper = shipper_to(server, tmp_path)
        report = shipper.once(logs)
        assert taken(server) == numbered(0, 200)
        assert max(len(body) for body in server.taken) <= 600
    assert report.tally.letters == 1
    assert "answered 413" in str(shipper.letters[0]["reason"])
    assert shipper.letters[0]["original"] == "x" * 5_000


def test_a_poisonous_line_is_found_and_set_aside(tmp_path: Path, logs: Path) -> None:
    """400 halves the batch until the line at fault stands alone; all others arrive, in order."""
    lines = [*numbered(0, 700), b"poison", *numbered(700, 1_000)]
    write_lines(logs / "a.ndjson", lines)
    with answering(lambda body, _number: 400 if b"poison" in body else 200) as server:
        shipper = shipper_to(server, tmp_path)
        report = shipper.once(logs)
        assert taken(server) == numbered(0, 1_000)
        assert len(server.received) < 60
    assert report.tally.reasons.counts() == {f"http://127.0.0.1:{server.port} answered 400: said": 1}
    assert [letter["original"] for letter in shipper.letters] == ["poison"]


def test_a_receiver_that_refuses_everything_is_doubted(tmp_path: Path, logs: Path) -> None:
    """Ten lines refused in a row say more of the receiver: with ``once`` it is given up, the others stay."""
    write_lines(logs / "a.ndjson", numbered(0, 200))
    with answering(lambda _body, _number: 400) as server:
        shipper = shipper_to(server, tmp_path)
        report = shipper.once(logs)
        assert report.tally.letters == 10
        assert report.gave_up is not None
        assert "check --to" in report.gave_up.remedy
    with answering() as server:  # all come again: the batch was not done with
        Shipper(shipper.home, Wishes(server.url)).once(logs)
        assert taken(server) == numbered(0, 200)


def test_more_poison_than_ten_lines_blocks_nothing_for_good(tmp_path: Path, logs: Path) -> None:
    """A shipper that follows sets one line after another aside until the receiver takes lines again."""
    write_lines(logs / "a.ndjson", [*[b"poison %d" % number for number in range(14)], b"good"])
    with answering(lambda body, _number: 400 if b"poison" in body else 200) as server:
        shipper = shipper_to(server, tmp_path)
        with shipper.follow(logs):
            until(lambda: taken(server) == [b"good"])
    assert [letter["original"] for letter in shipper.letters] == [f"poison {number}" for number in range(14)]


def test_a_receiver_that_is_away_at_the_start_is_waited_for(tmp_path: Path, logs: Path) -> None:
    """Nothing listens; stderr says so with the reason; once it does, everything is delivered."""
    write_lines(logs / "a.ndjson", numbered(0, 10))
    port = free_port()
    shipper = Shipper(tmp_path / "home", Wishes(f"http://127.0.0.1:{port}/"))
    with shipper.follow(logs) as end:
        until(lambda: shipper.said)
        write_lines(logs / "a.ndjson", numbered(10, 20))
        with answering(port=port) as server:
            until(lambda: len(taken(server)) == 20)
            until(lambda: len(shipper.said) > 1)
            assert end().tally.lines == 20
    assert shipper.said[0].startswith(f"waiting for http://127.0.0.1:{port}: ")
    assert "Connection refused" in shipper.said[0]
    assert shipper.said[-1].startswith(f"delivering to http://127.0.0.1:{port} again, after ")


def test_once_gives_a_receiver_up_that_stays_away(tmp_path: Path, logs: Path) -> None:
    """After its patience it ends, says why and how much is left; nothing is passed."""
    write_lines(logs / "a.ndjson", [b"12345"])
    policy = replace(FAST, patience=0.2)
    shipper = Shipper(tmp_path / "home", Wishes(f"http://127.0.0.1:{free_port()}/"), policy)
    report = shipper.once(logs)
    assert report.gave_up is not None
    assert (report.tally.lines, report.behind) == (0, 6)


@pytest.mark.parametrize(
    ("status", "remedy"), [(401, "--user"), (403, "--user"), (404, "the path in --to"), (308, "redirects to")]
)
def test_once_does_not_wait_for_what_a_person_must_do(tmp_path: Path, logs: Path, status: int, remedy: str) -> None:
    """A wrong password or path is not waited for, however long the patience; the message says what to do."""
    write_lines(logs / "a.ndjson", [b"one"])
    with answering(lambda _body, _number: status) as server:
        report = Shipper(tmp_path / "home", Wishes(server.url), replace(FAST, patience=1_000)).once(logs)
        assert len(server.received) == 1
    assert report.gave_up is not None
    assert remedy in report.gave_up.remedy
    assert (report.tally.letters, report.behind) == (0, 4)


def test_a_slow_receiver_is_stopped_for_without_doubling(tmp_path: Path, logs: Path) -> None:
    """A batch on its way when the shipper is stopped still has its answer taken: it is not sent again."""
    write_lines(logs / "a.ndjson", numbered(0, 10))
    arrived, release = threading.Event(), threading.Event()

    def slowly(_body: bytes, _number: int) -> int:
        arrived.set()
        release.wait(DEADLINE)
        return 200

    with answering(slowly) as server:
        shipper = shipper_to(server, tmp_path)
        with shipper.follow(logs) as end:
            assert arrived.wait(DEADLINE)
            threading.Timer(0.5, release.set).start()
            assert end().tally.lines == 10
        assert shipper.once(logs).tally.lines == 0
        assert len(server.received) == 1


def test_the_embedded_receiver_has_the_lines_in_message(tmp_path: Path, logs: Path) -> None:
    """An ``http`` input with ``codec => line`` makes one event of each line, equal to it, and nothing beside."""
    write_lines(logs / "a.ndjson", [*numbered(0, 30), b'{"path":"/x"}', b"not json", b"nul\0", b" spaces "])
    port, sink = free_port(), Sink()
    with run_input(RECEIVER.format(port=port), sink, port):
        Shipper(tmp_path / "home", Wishes(f"http://127.0.0.1:{port}/", compress=True)).once(logs)
    expected = [*[line.decode() for line in numbered(0, 30)], '{"path":"/x"}', "not json", "nul\0", " spaces "]
    assert sink.messages == expected
    assert {frozenset(event.data) for event in sink.events} == {frozenset({"@timestamp", "@version", "message"})}
