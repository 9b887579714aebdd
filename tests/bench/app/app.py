"""A web server of the standard library that ends in good order when it is told to."""

import http.server
import os
import signal
import threading


class Page(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        body = b"EDITION\n"
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("", int(os.environ.get("PORT", "5000"))), Page)
# shutdown() waits for the loop that the handler interrupts, so it needs a thread of its own.
signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
server.serve_forever()
