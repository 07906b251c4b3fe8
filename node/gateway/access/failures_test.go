package access

import (
	"fmt"
	"testing"
)

func TestGuessesAreLimitedAndBounded(t *testing.T) {
	f := newFailures()
	for i := range 3 * failuresKept {
		f.note(fmt.Sprintf("10.%d.%d.%d:1", i>>16, i>>8&255, i&255))
		f.right(fmt.Sprintf("10.%d.%d.%d:1", i>>16, i>>8&255, i&255), "t")
	}
	if len(f.from) > failuresKept || len(f.trusted) > failuresKept {
		t.Errorf("%d addresses, %d tokens are kept", len(f.from), len(f.trusted))
	}
	f = newFailures()
	f.right("192.0.2.1:5", "right")
	looked := 0
	for i := range 10_000 {
		if f.allow("192.0.2.1:5", fmt.Sprint("guess", i)) {
			looked++
			f.note("192.0.2.1:5")
		}
		if !f.allow("192.0.2.1:6", "right") {
			t.Fatalf("the right token was refused after %d guesses", i)
		}
	}
	if looked != failuresAllowed {
		t.Errorf("%d of 10,000 guesses were checked", looked)
	}
	f.note("[2001:db8::1]:5")
	if len(f.from) != 2 || hostOf("[2001:db8::1]:5") != hostOf("[2001:db8:0:0:ffff::2]:6") || hostOf("[2001:db8::1]:5") == hostOf("[2001:db8:0:1::1]:5") {
		t.Error("IPv6 addresses are not counted by /64 network")
	}
	if hostOf("[::ffff:192.0.2.1]:5") != "192.0.2.1" {
		t.Error(hostOf("[::ffff:192.0.2.1]:5"))
	}
	if f.allow("192.0.2.1:5", "right at another address") || !f.allow("192.0.2.2:5", "guess") {
		t.Error("another token of a trusted address was allowed, or another address was refused")
	}
}
