"""A relay for tests: relay.py DIRECTORY none|starttls|tls [CERTIFICATE KEY] [USER PASSWORD] [PORT]

aiosmtpd, which is not of the family of what sends here. Says "listens at PORT", and writes what it accepts to DIRECTORY as one JSON file
each, read by Python's own parser. How it answers is in the name before the @:
  nobody  does not exist, 550          busy  451 the first time
  spam    refused after DATA, 554      cut   the connection breaks in the middle of DATA, the first time
"""
import asyncio, email, email.policy, json, logging, os, ssl, sys, warnings
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

# What it finds unwise is what is tested.
logging.disable()
warnings.simplefilter("ignore")
directory, security, certificate, key, user, password, port = (sys.argv[1:] + [""] * 7)[:7]
seen, count = set(), 0


def first_time(address):
    known = address in seen
    seen.add(address)
    return not known


class Relay(SMTP):
    async def push(self, status):
        if isinstance(status, str) and not status.isascii():
            # No server may; this one does.
            self._writer.write(status.encode() + b"\r\n")
            await self._writer.drain()
        else:
            await super().push(status)

    async def smtp_DATA(self, arg):
        if self.envelope.rcpt_tos and self.envelope.rcpt_tos[0].startswith("cut") and first_time(self.envelope.rcpt_tos[0]):
            await self.push("354 go on")
            await self._reader.readline()
            self.transport.abort()
            return
        await super().smtp_DATA(arg)


class Accept:
    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("nobody"):
            return f"550 5.1.1 <{address}>: no \x07such user \u202eevil"
        if address.startswith("busy") and first_time(address):
            return "451 4.7.1 come back later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        global count
        if envelope.rcpt_tos[0].startswith("spam"):
            return "554 5.7.1 not here"
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        count += 1
        text = json.dumps({
            "From": envelope.mail_from, "To": envelope.rcpt_tos, "Tls": session.ssl is not None or security == "tls", "User": session.auth_data and session.auth_data.login.decode(),
            "Raw": envelope.content.decode("latin-1"),
            "Type": message.get_content_type(), "Headers": [[name, str(value)] for name, value in message.items()],
            "Parts": [{"Type": p.get_content_type(), "Charset": p.get_content_charset(), "Encoding": p["Content-Transfer-Encoding"], "Language": p["Content-Language"], "Text": p.get_content()}
                      for p in message.walk() if not p.is_multipart()],
            "Defects": [str(d) for p in message.walk() for d in p.defects + [d for v in p.values() for d in getattr(v, "defects", [])]],
        })
        path = os.path.join(directory, f"{os.getpid():08}-{count:06}.json")
        with open(path + ".new", "w") as file:
            file.write(text)
        os.rename(path + ".new", path)
        return "250 OK"


def authenticate(server, session, envelope, mechanism, data):
    ok = isinstance(data, LoginPassword) and (data.login.decode(), data.password.decode()) == (user, password)
    return AuthResult(success=ok, handled=False, auth_data=data if ok else None)


async def main():
    tls = None
    if security != "none":
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(certificate, key)
    def connection():
        # Over TLS from the first octet on, aiosmtpd does not see that there is TLS.
        return Relay(Accept(), hostname="relay.example", enable_SMTPUTF8=False, tls_context=tls if security == "starttls" else None, require_starttls=security == "starttls",
                     authenticator=authenticate if user else None, auth_required=bool(user), auth_require_tls=security == "starttls")
    server = await asyncio.get_running_loop().create_server(connection, "127.0.0.1", int(port or 0), ssl=tls if security == "tls" else None)
    print("listens at", server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()

asyncio.run(main())
