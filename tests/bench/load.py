"""Visitors of a page: 20 connections that are kept, and 50 new ones a second, until told to stop."""

import http.client
import threading
import time


class Visitors:
    def __init__(self, port, host):
        self.port, self.host = port, host
        self.answered, self.failures = 0, []
        self.stop, self.lock = threading.Event(), threading.Lock()
        self.threads = [threading.Thread(target=self.stay) for _ in range(20)]
        self.threads += [threading.Thread(target=self.come_and_go, args=(n,)) for n in range(5)]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.stop.set()
        for thread in self.threads:
            thread.join()

    def count(self, failure):
        with self.lock:
            if failure:
                self.failures.append(failure)
            else:
                self.answered += 1

    def ask(self, connection):
        connection.request("GET", "/", headers={"Host": self.host})
        answer = connection.getresponse()
        answer.read()
        return None if answer.status == 200 else f"status {answer.status}"

    def connect(self):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)

    def stay(self):
        """A connection that is closed between two requests is no failure: the client opens the next."""
        connection, used = self.connect(), False
        while not self.stop.is_set():
            try:
                self.count(self.ask(connection))
                used = True
            except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError) as error:
                connection.close()
                if not used:
                    self.count(repr(error))
                connection, used = self.connect(), False
            except Exception as error:
                connection.close()
                self.count(repr(error))
                connection, used = self.connect(), False
            time.sleep(0.05)

    def come_and_go(self, number):
        time.sleep(number * 0.02)
        while not self.stop.is_set():
            connection = self.connect()
            try:
                self.count(self.ask(connection))
            except Exception as error:
                self.count(repr(error))
            connection.close()
            time.sleep(0.1)
