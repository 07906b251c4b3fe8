//go:build unix

package remote

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"landfall/node/remote/hosts"
)

// connected returns a link to a host whose remote end is a script, and its place.
func connected(t *testing.T, script string) (*link, place) {
	t.Helper()
	w := newWorld(t)
	w.write("remote", "#!/bin/sh\n"+script)
	dir, remove, err := sockets()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(remove)
	l, err := dial(t.Context(), SSH{Command: w.dir + "/ssh"}, hosts.Host{Name: "h", Address: "h"}, dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.close)
	return l, place{root: "/cache", binary: w.dir + "/remote"}
}

func TestAsk(t *testing.T) {
	const done, driver = `{"schema":1,"done":true}`, `{"schema":1,"drivers":[{"name":"a","pid":7}]}`
	for name, c := range map[string]struct {
		script   string
		answers  int
		want     string // in the error; "": none
		hopeless bool
	}{
		"two answers":    {"read -r o; echo '" + driver + "'; echo '" + done + "'", 2, "", false},
		"other output":   {"read -r o; echo Welcome; echo '" + done + "'", 1, "", false},
		"a refusal":      {`read -r o; echo '{"schema":1,"done":true,"error":"no room"}'`, 1, "no room", true},
		"early end":      {"read -r o; echo '" + driver + "'", 1, "the session ended", false},
		"failure":        {"read -r o; echo broken >&2; exit 3", 0, "broken", false},
		"other protocol": {`read -r o; echo '{"schema":9,"done":true}'`, 0, "", true},
		"the order":      {`read -r o; case $o in *'"schema":1'*'"root":"/cache"'*) echo '` + done + `';; *) echo "$o" >&2; exit 1;; esac`, 1, "", false},
	} {
		t.Run(name, func(t *testing.T) {
			l, p := connected(t, c.script)
			answers := 0
			err := ask(t.Context(), l, p, hosts.Order{Do: hosts.Look, Folder: "f"}, time.Minute, func(hosts.Answer) { answers++ })
			var hopeless *PermanentError
			if answers != c.answers || errors.As(err, &hopeless) != c.hopeless || !c.hopeless && (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
				t.Errorf("%d answers, %v; want %d, %q", answers, err, c.answers, c.want)
			}
		})
	}
}

// A remote end that does not respond is abandoned, by its time limit or by its context, and does not block the end of the session.
func TestAskIsBounded(t *testing.T) {
	l, p := connected(t, "cat >/dev/null")
	o := hosts.Order{Do: hosts.Look, Folder: "f"}
	if err := ask(t.Context(), l, p, o, time.Millisecond, func(hosts.Answer) {}); err == nil || !strings.Contains(err.Error(), "no answer within 1ms") {
		t.Errorf("silence: %v", err)
	}
	gaveUp := errors.New("gave up")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(gaveUp)
	if err := ask(ctx, l, p, o, time.Minute, func(hosts.Answer) {}); err == nil {
		t.Error("a canceled request has no error")
	}
}
