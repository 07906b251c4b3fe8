package http2

import (
	"slices"
	"testing"

	"golang.org/x/net/http2/hpack"
)

// A request in HTTP/1.1 format is converted to fields without connection-specific ones, which are not added to the peer's table.
func TestEncodeMessage(t *testing.T) {
	e := encoder{Max: tableSize}
	e.limit(0)
	for i, secure := range []bool{true, false} {
		block := e.encode(&Request{Secure: secure, Message: []byte("POST /a?b=c d HTTP/1.1\r\nUser-Agent: x\r\nHost: h.test:8443\r\nConnection: close\r\nX-Odd-Name:  v \r\nTE: gzip\r\nCookie: a=1; b=2\r\nContent-Length: 3")})
		var got []string
		d := hpack.NewDecoder(tableSize, func(f hpack.HeaderField) { got = append(got, f.Name+"="+f.Value) })
		if _, err := d.Write(block); err != nil || d.Close() != nil {
			t.Fatal(err)
		}
		want := []string{":method=POST", ":scheme=" + map[bool]string{true: "https", false: "http"}[secure], ":authority=h.test:8443", ":path=/a?b=c d", "user-agent=x", "x-odd-name=v", "cookie=a=1; b=2", "content-length=3"}
		if !slices.Equal(got, want) {
			t.Errorf("%q", got)
		}
		if resized := block[0]&0xe0 == 0x20; resized != (i == 0) {
			t.Errorf("block %d says that the table was resized: %v", i, resized)
		}
	}
	if len(e.entries) != 0 {
		t.Errorf("%d entries", len(e.entries))
	}
}
