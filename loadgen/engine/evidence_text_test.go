package engine

import (
	"slices"
	"strings"
	"testing"

	"landfall/loadgen"
	"landfall/loadgen/evidence"
)

func TestBodyLines(t *testing.T) {
	hide := hider{known: strings.NewReplacer("s3cret-value", loadgen.Hidden)}
	long := strings.Repeat("é", evidence.MaxBody)
	for name, c := range map[string]struct {
		body string
		want []string
	}{
		"empty": {"", nil}, "lines": {"one\r\ntwo\n", []string{"one", "two"}}, "binary": {"a\x00b", []string{"(not text)"}}, "not UTF-8": {"\xff\xfe\xfd\xfc", []string{"(not text)"}},
		"secrets": {`{"token":"abc"} s3cret-value`, []string{`{"token":"(hidden)"} (hidden)`}}, "truncated character": {"x" + long, []string{("x" + long)[:evidence.MaxBody-1]}},
		"too many lines": {strings.Repeat("a\n", evidence.MaxLines+5), slices.Repeat([]string{"a"}, evidence.MaxLines)},
	} {
		if got := bodyLines([]byte(c.body), hide); !slices.Equal(got, c.want) {
			t.Errorf("%s: %.200q, want %.200q", name, got, c.want)
		}
	}
}

func TestHeadLines(t *testing.T) {
	hide := hider{known: strings.NewReplacer("s3cret-value", loadgen.Hidden)}
	head := []byte("GET /?token=x HTTP/1.1\r\nHost: a\r\nX-Own: anything\r\nAccept: s3cret-value\r\n\r\n")
	want := []string{"GET /?token=(hidden) HTTP/1.1", "Host: a", "X-Own: (hidden)", "Accept: (hidden)"}
	if got := (&Engine{}).headLines(head, hide); !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	want[0] = "GET /?token=(hidden) HTTP/2"
	if got := (&Engine{spec: loadgen.Spec{HTTP2: true}}).headLines(head, hide); !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	many := []byte("HTTP/1.1 200 OK" + strings.Repeat("\r\nAge: 1", 2*evidence.MaxLines))
	if got := (&Engine{}).headLines(many, hide); len(got) != evidence.MaxLines {
		t.Errorf("%d lines", len(got))
	}
}
