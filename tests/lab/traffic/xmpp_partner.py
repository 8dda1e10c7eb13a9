#!/usr/bin/python3
"""The partner's user: sends numbered messages to user@contoso.test until told to stop on stdin, then waits for the last answers.

xmpp_partner.py CA RUN PERIOD   One JSON line an event: sent, answered (by which Edge server), bounced (why).
"""

import asyncio
import json
import sys
import time

import slixmpp

GRACE = 3.0


def say(**event):
    print(json.dumps({"t": time.time(), **event}), flush=True)


class Partner(slixmpp.ClientXMPP):
    def __init__(self, authority, run, period):
        super().__init__("user@fabrikam.test", "pw-fabrikam")
        self.ca_certs = authority
        self.run_id, self.period, self.stopping = run, period, False
        self.add_event_handler("session_start", self.online)
        self.add_event_handler("message", self.answered)
        self.add_event_handler("message_error", self.bounced)

    async def online(self, _):
        self.send_presence()
        say(event="online")
        asyncio.ensure_future(self.wait_for_stop())
        number, due = 0, time.monotonic()
        while not self.stopping:
            message = self.make_message(mto="user@contoso.test", mbody=f"ping {self.run_id} {number}", mtype="chat")
            message["id"] = f"{self.run_id}-{number}"
            message.send()
            say(event="sent", n=number)
            number, due = number + 1, due + self.period
            await asyncio.sleep(max(0.0, due - time.monotonic()))
        await asyncio.sleep(GRACE)
        self.disconnect()
        self.loop.call_later(0.3, self.loop.stop)

    async def wait_for_stop(self):
        await self.loop.run_in_executor(None, sys.stdin.readline)
        self.stopping = True

    def answered(self, message):
        words = message["body"].split()
        if message["type"] == "chat" and len(words) == 4 and words[2] == self.run_id:
            say(event="answered", n=int(words[3]), edge=words[1])

    def bounced(self, message):
        run, _, number = message["id"].rpartition("-")
        if run == self.run_id:
            say(event="bounced", n=int(number), why=message["error"]["condition"])


def main():
    authority, run, period = sys.argv[1], sys.argv[2], float(sys.argv[3])
    partner = Partner(authority, run, period)
    partner.connect(address=("127.0.0.1", 5222))
    partner.loop.run_forever()


main()
