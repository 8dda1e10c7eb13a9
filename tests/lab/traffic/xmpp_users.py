#!/usr/bin/python3
"""The user of contoso.test, connected to every Edge server: answers each message with the server that it came through.

xmpp_users.py CA SECONDS NAME=ADDRESS...   One JSON line an event.
"""

import asyncio
import json
import sys
import time

import slixmpp


def say(**event):
    print(json.dumps({"t": time.time(), **event}), flush=True)


class User(slixmpp.ClientXMPP):
    def __init__(self, authority, server, address):
        super().__init__("user@contoso.test", "pw-contoso")
        self.ca_certs = authority
        self.connect_timeout = 2
        self.edge, self.edge_address = server, address
        self.add_event_handler("session_start", self.online)
        self.add_event_handler("message", self.received)
        self.add_event_handler("disconnected", self.offline)

    # The library's own waits grow, and would be measured in place of the servers.
    def reschedule_connection_attempt(self):
        self._connect_loop_wait = 0.2
        self._current_connection_attempt = asyncio.ensure_future(self._connect_routine(), loop=self.loop)

    async def online(self, _):
        self.send_presence()
        say(event="online", edge=self.edge)

    def received(self, message):
        if message["type"] == "chat" and message["body"].startswith("ping "):
            say(event="received", edge=self.edge, body=message["body"])
            self.send_message(mto=message["from"], mbody=f"pong {self.edge} {message['body'][5:]}", mtype="chat")

    def offline(self, _):
        say(event="offline", edge=self.edge)
        self.loop.call_later(0.2, lambda: self.connect(address=(self.edge_address, 5222)))


def main():
    authority, seconds, servers = sys.argv[1], float(sys.argv[2]), sys.argv[3:]
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    for each in servers:
        name, address = each.split("=")
        User(authority, name, address).connect(address=(address, 5222))
    loop.call_later(seconds, loop.stop)
    loop.run_forever()


main()
