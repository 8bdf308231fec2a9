#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""read_store.py KEY_DIR STATE_DIR NAME: a reader written from docs/FORMAT.md alone.

Prints what the user's files hold, one line a value, and exits with 1 at anything that is not as
described. It knows nothing of Kling's sources and uses no library but Python's own.
"""
import hashlib
import hmac
import os
import re
import struct
import sys


def need(condition, what):
    if not condition:
        sys.exit("not as described: " + what)


# AES-256-GCM, as slowly and plainly as FIPS 197 and SP 800-38D put it.
def xtime(a):
    return ((a << 1) ^ 0x11B) & 0xFF if a & 0x80 else a << 1


def gmul(a, b):
    r = 0
    while b:
        if b & 1:
            r ^= a
        a, b = xtime(a), b >> 1
    return r


def make_sbox():
    box = []
    for x in range(256):
        inv = next((y for y in range(256) if gmul(x, y) == 1), 0)
        v = inv
        for shift in range(1, 5):
            v ^= ((inv << shift) | (inv >> (8 - shift))) & 0xFF
        box.append(v ^ 0x63)
    return box


SBOX = make_sbox()


def expand(key):
    words = [list(key[4 * i : 4 * i + 4]) for i in range(8)]
    rcon = 1
    for i in range(8, 60):
        t = list(words[-1])
        if i % 8 == 0:
            t = [SBOX[b] for b in t[1:] + t[:1]]
            t[0] ^= rcon
            rcon = xtime(rcon)
        elif i % 8 == 4:
            t = [SBOX[b] for b in t]
        words.append([a ^ b for a, b in zip(words[i - 8], t)])
    return [sum(words[4 * r : 4 * r + 4], []) for r in range(15)]


def encrypt_block(rounds, block):
    s = [a ^ b for a, b in zip(block, rounds[0])]
    for r in range(1, 15):
        s = [SBOX[b] for b in s]
        s = [s[(i + 4 * (i % 4)) % 16] for i in range(16)]
        if r < 14:
            mixed = []
            for c in range(4):
                col = s[4 * c : 4 * c + 4]
                for i in range(4):
                    a = col[i:] + col[:i]
                    mixed.append(xtime(a[0]) ^ xtime(a[1]) ^ a[1] ^ a[2] ^ a[3])
            s = mixed
        s = [a ^ b for a, b in zip(s, rounds[r])]
    return bytes(s)


def ghash(h, data):
    y = 0
    for i in range(0, len(data), 16):
        y ^= int.from_bytes(data[i : i + 16].ljust(16, b"\0"), "big")
        z, v = 0, h
        for bit in range(127, -1, -1):
            if y >> bit & 1:
                z ^= v
            v = (v >> 1) ^ (0xE1 << 120) if v & 1 else v >> 1
        y = z
    return y


def unseal(key, head, blob):
    iv, body, tag = blob[:12], blob[12:-16], blob[-16:]
    rounds = expand(key)
    h = int.from_bytes(encrypt_block(rounds, bytes(16)), "big")

    def pad(data):
        return data + bytes(-len(data) % 16)

    lengths = struct.pack(">QQ", 8 * len(head), 8 * len(body))
    y = ghash(h, pad(head) + pad(body) + lengths)
    mask = encrypt_block(rounds, iv + struct.pack(">I", 1))
    need(hmac.compare_digest((y ^ int.from_bytes(mask, "big")).to_bytes(16, "big"), tag), "tag")
    plain = bytearray()
    for i in range(0, len(body), 16):
        stream = encrypt_block(rounds, iv + struct.pack(">I", 2 + i // 16))
        plain += bytes(a ^ b for a, b in zip(body[i : i + 16], stream))
    return bytes(plain)


def subkey(secret, purpose, *parts):
    info = b"kling " + purpose.encode() + b"\0"
    for part in parts:
        info += struct.pack("<I", len(part)) + part
    prk = hmac.new(bytes(32), secret, hashlib.sha256).digest()
    return hmac.new(prk, info + b"\x01", hashlib.sha256).digest()


def read_file(path, size=None):
    with open(path, "rb") as f:
        data = f.read()
    need(size is None or len(data) == size, path + ": size")
    return data


def read_keys(key_dir):
    keys = {}
    for name in sorted(os.listdir(key_dir)):
        if not re.fullmatch("[0-9a-f]{16}[.]key", name):
            continue
        data = read_file(os.path.join(key_dir, name), 128)
        magic, version, serial, ident, host, key, lasting, zero, check = struct.unpack(
            "<8sII8s16s32s32s8s16s", data
        )
        need(magic == b"KLINGKEY" and version == 1 and serial > 0, "key head")
        need(name == ident.hex() + ".key" and zero == bytes(8), "key name")
        need(hashlib.sha256(data[:112]).digest()[:16] == check, "key check")
        keys[ident] = (serial, host, key, lasting)
    need(keys, "no key")
    need(len({(k[1], k[3]) for k in keys.values()}) == 1, "keys of different hosts")
    return keys


class Reader:
    def __init__(self, data):
        self.data, self.at = data, 0

    def get(self, form):
        size = struct.calcsize("<" + form)
        need(self.at + size <= len(self.data), "short value")
        out = struct.unpack_from("<" + form, self.data, self.at)
        self.at += size
        return out if len(out) > 1 else out[0]

    def run(self):
        return self.get("%ds" % self.get("B"))

    def fields(self):
        last = 0
        while self.at < len(self.data):
            tag, length = self.get("HH")
            need(tag >= last, "order of fields")
            last = tag
            yield tag, Reader(self.get("%ds" % length))

    def end(self, what):
        need(self.at == len(self.data), what + ": long value")


def encode(name):
    out = ""
    for i, b in enumerate(name.encode()):
        c = chr(b)
        plain = c.isascii() and (c.isalnum() or c in "._@-") and not (i == 0 and c == ".")
        out += c if plain else "%%%02X" % b
    return out


def read_sealed(path, purpose, keys, name):
    data = read_file(path)
    head, _, blob = data.partition(b"\n\n")
    head += b"\n\n"
    lines = head.decode().split("\n")
    need(lines[0] == "kling %s 1" % purpose, "first line")
    words = dict(line.split(" ", 1) for line in lines[1:7])
    need(list(words) == ["key", "host", "uid", "name", "generation", "sealed"], "lines")
    serial, host, key, lasting = keys[bytes.fromhex(words["key"])]
    need(words["host"] == host.hex() and words["name"] == encode(name), "owner")
    need(int(words["sealed"]) == len(blob), "length")
    key = subkey(key, purpose, words["name"].encode(), words["uid"].encode())
    return words, unseal(key, head, blob)


def show_enrollment(words, plain):
    r = Reader(plain)
    need(r.get("I") == 1, "record version")
    for tag, value in r.fields():
        if tag == 1:
            generation, made, token, codes = value.get("QqII")
            need(generation == int(words["generation"]), "generation")
            print("enrollment generation=%d made=%d next=%d,%d" % (generation, made, token, codes))
        elif tag == 2:
            ident, algorithm, digits, period, offset = value.get("IBBHi")
            label, secret = value.run(), value.run()
            print(
                "token id=%d algorithm=%d digits=%d period=%d offset=%d label=%s secret=%s"
                % (ident, algorithm, digits, period, offset, label.decode(), secret.hex())
            )
        elif tag == 3:
            ident, made, salt, iterations, count = value.get("Iq16sIB")
            hashes = [value.get("32s") for _ in range(count)]
            print("codes id=%d made=%d iterations=%d" % (ident, made, iterations))
            print("hashes " + " ".join(h.hex()[:8] for h in hashes))
        elif tag == 8:
            print("pending highest=%d" % value.get("q"))
        else:
            need(tag & 0x8000, "unknown tag")
            continue
        value.end("tag %d" % tag)


def read_slot(slot, keys, name):
    head = struct.unpack("<8sIIQII16s32s8sII", slot[32:128])
    magic, version, length, sequence, kind, uid, host, name_hash, ident, flags, zero = head
    need(magic == b"KLINGSTA" and version == 1 and length <= 8064 and zero == 0, "slot head")
    serial, own, key, lasting = keys[ident]
    mac = hmac.new(subkey(key, "state"), slot[32 : 128 + length], hashlib.sha256).digest()
    need(hmac.compare_digest(mac, slot[:32]), "MAC")
    need(slot[128 + length :] == bytes(8064 - length), "bytes behind the end")
    need(kind == 1 and host == own, "slot owner")
    need(name_hash == hashlib.sha256(name.encode()).digest(), "slot name")
    return sequence, uid, flags, slot[128 : 128 + length]


def sighting(value):
    when, family, address = value.get("qB16s")
    shown = {0: "-", 4: ".".join(str(b) for b in address[:4]), 6: address.hex()}[family]
    return "%d/%s/%s" % (when, shown, value.run().decode())


def show_state(body):
    for tag, value in Reader(body).fields():
        if tag == 1:
            names = "generation pending spent pending_spent highest failures since lines flags"
            values = value.get("QQIIqIqIB")
            print("core " + " ".join("%s=%d" % p for p in zip(names.split(), values)))
        elif tag in (2, 3):
            uses = [value.get("IQQq") for _ in range(4)]
            print(("tokens " if tag == 2 else "pending ") + " ".join("%d:%d:%d:%d" % u for u in uses))
        elif tag == 4:
            print("grace start=%d extended=%d seen=%d flags=%d" % value.get("qqqB"))
        elif tag == 5:
            print("sightings " + " ".join(sighting(value) for _ in range(5)), value.get("I"))
        elif tag == 6:
            wall, boot, ident = value.get("qq16s")
            print("anchor wall=%d boot=%d id=%s" % (wall, boot, ident.hex()))
        elif tag == 7:
            index, flags, family, address, uid, use = value.get("BBB16sIq")
            counts = value.get("IIIqq")
            attempts = [value.get("iII") for _ in range(value.get("B"))]
            print("ledger %d flags=%d family=%d address=%s uid=%d use=%d counts=%s attempts=%s" % (
                index, flags, family, address.hex()[:8], uid, use,
                ",".join(str(c) for c in counts), ",".join("%d:%d:%d" % a for a in attempts)))
        elif tag == 8:
            print("pending highest=%d" % value.get("q"))
        else:
            need(tag & 0x8000, "unknown tag")
            continue
        value.end("tag %d" % tag)


def main():
    key_dir, state_dir, name = sys.argv[1:4]
    keys = read_keys(key_dir)
    host = next(iter(keys.values()))[1]
    marker = read_file(os.path.join(state_dir, "marker"))
    need(marker == b"kling store 1\nhost %s\n" % host.hex().encode(), "marker")
    user = os.path.join(state_dir, "users", encode(name))
    pair = read_file(os.path.join(user, "state"), 16384)
    slots = [read_slot(pair[at : at + 8192], keys, name) for at in (0, 8192)]
    sequence, uid, flags, body = max(slots)
    print("state sequence=%d uid=%d flags=%d" % (sequence, uid, flags))
    show_state(body)
    words, plain = read_sealed(os.path.join(user, "enrollment"), "enrollment", keys, name)
    need(int(words["uid"]) == uid, "uid")
    show_enrollment(words, plain)
    words, plain = read_sealed(os.path.join(user, "history"), "history", keys, name)
    print("history " + plain.decode())
    pepper = subkey(next(iter(keys.values()))[3], "pepper")
    print("pepper " + pepper.hex())
    slot = hmac.new(subkey(next(iter(keys.values()))[3], "slot-hash"), b"unknown\0stranger", hashlib.sha256)
    print("slot %d" % slot.digest()[0])


main()
