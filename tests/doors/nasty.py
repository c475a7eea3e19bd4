"""What a spoilt request is made of: values, methods, kinds of content and headers."""

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"

NASTY = (
    *(b"", b" ", b"0", b"-1", b"1e309", b"NaN", b"9" * 40, b"0x7f", b"true", b"null", b"[]", b"{}", b"\x00"),
    *(
        b"Am\x00pel",
        b"\xed\xa0\x80",
        b"\xed\xbf\xbf\xed\xa0\x80",
        b"\xc0\xaf",
        b"\xc0\x80",
        b"\xff\xfe",
        b"\x80",
    ),
    *(b"\xf4\x90\x80\x80", "Ampel".encode("utf-16"), "Ä".encode("latin-1"), b"+AGEAbQ-", b"\\ud800", b"%00"),
    *(
        b"%ED%A0%80",
        b"%zz",
        b"../../../etc/passwd",
        b"..\\..\\",
        b"%2e%2e%2f",
        b"%252e%252e%252f",
        b"/",
        b"//",
    ),
    *(
        b"//boese.example",
        b"https://boese.example/",
        b"/\\boese.example",
        b"javascript:alert(1)",
        b"\r\nX-Y: z",
    ),
    *(b"' OR 1=1 --", b'"; DROP TABLE ticket; --', b"{{7*7}}", b"{% for %}", b"%(x)s%n", b"${jndi:ldap://x}"),
    *(b"<script>alert(1)</script>", b"=1+1", b"[" * 3000, b'{"a":' * 2000, "\u202e\u2066\ufeff".encode()),
    *("🔥".encode() * 500, "e\u0301".encode() * 4000, "ﷺ".encode() * 300, b"x" * 5000, b"a" * 70_000),
)
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "get", "X" * 200)
KINDS = (
    *(
        "",
        "x",
        "/",
        "text/plain",
        "text/html",
        "application/xml",
        "application/octet-stream",
        "multipart/mixed",
    ),
    *("multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=" + "b" * 300),
    *(f"{FORM}; charset=utf-16", f"{FORM}; charset=utf-7", f"{FORM}; charset=nonsense", f"{FORM};;;=", JSON),
    *(f"{JSON}; charset=utf-16", "multipart/form-data; boundary*=UTF-8''%FF", "a" * 3000, f"{FORM}, {JSON}"),
)
HEADERS: dict[str, tuple[bytes, ...]] = {
    "Host": (
        b"",
        b"boese.example",
        b"127.0.0.1:99999",
        b"a b",
        b"[::1",
        b"x" * 3000,
        b"\xff",
        b"a/b",
        b"@",
        b":",
    ),
    "Cookie": (b"=", b"staff=" + b"x" * 4000, b"form=e30.x.y; staff=\xff\xfe", b";;;=;", b'staff="\\000"'),
    "X-Forwarded-For": (b"", b"127.0.0.1", b"x" * 2000, b"::1, %", b"999.1.1.1"),
    "X-Forwarded-Proto": (b"javascript", b"https"),
    "X-HTTP-Method-Override": (b"DELETE",),
    "Forwarded": (b'for="[::1"', b"for=_x"),
    "Origin": (b"https://boese.example", b"null", b"\xff"),
    "Referer": (b"https://boese.example/", b"\x80", b"x" * 4000),
    "Sec-Fetch-Site": (b"cross-site", b"same-origin", b"none", b"?"),
    "Range": (
        b"bytes=0-0",
        b"bytes=-1",
        b"bytes=9-1",
        b"bytes=" + b"0-1," * 500,
        b"x=1-",
        b"bytes=" + b"9" * 40,
    ),
    "If-Range": (b'"', b"W/", b"yesterday"),
    "If-None-Match": (b"*", b'W/"', b'"x",' * 500),
    "If-Modified-Since": (b"yesterday", b"Fri, 31 Feb 9999 99:99:99 GMT", b"Mon, 01 Jan 0000 00:00:00 -9999"),
    "Accept-Language": (b"de;q=x", b"*;q=" + b"9" * 400),
    "Accept": (b"application/json", b"*/*;q=\xff"),
    "Authorization": (b"Basic x", b"Basic \xff", b"Bearer", b"Bearer \xed\xa0\x80", b'Digest username="\xff'),
    "Content-Encoding": (b"gzip", b"br"),
    "Expect": (b"100-continue", b"x"),
    "Idempotency-Key": (b"", b"\xff" * 50, b"k" * 3000),
    "X-Huge": (b"h" * 7000,),
}
