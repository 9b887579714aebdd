"""The engine's API by hand, as the least that anybody needs for the same, and an engine that only plays back a record."""

import concurrent.futures
import http.client
import http.server
import json
import os
import socket
import socketserver
import threading

SOCKET = "/var/run/docker.sock"


class Connection(http.client.HTTPConnection):
    def __init__(self):
        super().__init__("docker")

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(SOCKET)


def ask(method, path, body=None):
    """One request; the answer's JSON, if it is one."""
    connection = Connection()
    text = json.dumps(body) if body is not None else None
    connection.request(method, path, text, {"Content-Type": "application/json"})
    answer = connection.getresponse()
    said = answer.read()
    connection.close()
    if answer.status >= 400:
        raise SystemExit(f"{method} {path}: {answer.status} {said.decode()}")
    return json.loads(said) if said[:1] in (b"{", b"[") else None


def make(image, words, **more):
    return ask("POST", "/containers/create", dict({"Image": image, "Cmd": words}, **more))["Id"]


def make_and_start(image, words, count, at_once):
    """So many containers, some at once. Their ids."""
    def one(_):
        made = make(image, words)
        ask("POST", f"/containers/{made}/start")
        return made
    with concurrent.futures.ThreadPoolExecutor(at_once) as pool:
        return list(pool.map(one, range(count)))


def run_attached(image, words):
    """Create, attach, start, read to the end, wait."""
    made = make(image, words, HostConfig={"AutoRemove": True}, AttachStdout=True, AttachStderr=True)
    attached = Connection()
    attached.connect()
    attached.sock.sendall(f"POST /containers/{made}/attach?stream=1&stdout=1&stderr=1 HTTP/1.1\r\nHost: docker\r\n"
                          "Connection: Upgrade\r\nUpgrade: tcp\r\nContent-Length: 0\r\n\r\n".encode())
    attached.sock.recv(4096)
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(ask, "POST", f"/containers/{made}/wait?condition=removed")
        ask("POST", f"/containers/{made}/start")
        while attached.sock.recv(4096):
            pass
        waiting.result()
    attached.close()


class Recorded(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    """An engine with these containers, at this socket."""

    daemon_threads = True

    def __init__(self, path, containers):
        version = ask("GET", "/version")
        answers = {"containers/json": containers, "version": version, "info": ask("GET", "/info")}
        bodies = {path: json.dumps(answer).encode() for path, answer in answers.items()}
        self.asked = asked = []

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                path = self.path.split("?")[0].removeprefix(f"/v{version['ApiVersion']}").strip("/")
                asked.append(path)
                body = b"OK" if path == "_ping" else bodies.get(path)
                self.send_response(404 if body is None else 200)
                self.send_header("Api-Version", version["ApiVersion"])
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body or b"{}")))
                self.end_headers()
                self.wfile.write(body or b"{}")

            do_HEAD = do_GET

            def address_string(self):
                return "bench"

            def log_message(self, *_):
                pass

        super().__init__(path, Handler)
        os.chmod(path, 0o666)
        threading.Thread(target=self.serve_forever, daemon=True).start()
