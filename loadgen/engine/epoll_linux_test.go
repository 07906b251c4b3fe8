package engine

import (
	"testing"
	"time"
)

func TestEpollInbox(t *testing.T) {
	p, err := newEpoll(false)
	if err != nil {
		t.Fatal(err)
	}
	if n := p.poll(); n != 0 {
		t.Fatalf("%d events of an idle epoll", n)
	}
	var got []int
	for i := range 3 {
		if !p.post(func() { got = append(got, i) }) {
			t.Fatal("closed")
		}
	}
	if n := p.poll(); n != 1 || p.events[0].Fd != inboxID {
		t.Fatalf("%d events, %+v", n, p.events[0])
	}
	if p.collect(); len(got) != 3 || got[0] != 0 || got[2] != 2 {
		t.Errorf("%v", got)
	}
	if n := p.poll(); n != 0 {
		t.Errorf("%d events after all functions were called", n)
	}
	if p.wake(); p.poll() != 1 {
		t.Error("wake causes no event")
	}
	p.close()
	if p.post(func() {}) {
		t.Error("posted to a closed epoll")
	}
	p.wake() // must not write to a closed descriptor
}

// The timer ends both kinds of wait.
func TestEpollTimer(t *testing.T) {
	p, err := newEpoll(false)
	if err != nil {
		t.Fatal(err)
	}
	defer p.close()
	for name, wait := range map[string]func() int{"sleep": p.sleep, "rawWait": p.rawWait} {
		began, n := time.Now(), 0
		p.setTimer(0, int64(20*time.Millisecond))
		for n == 0 { // a signal may end the wait
			n = wait()
		}
		if took := time.Since(began); n != 1 || p.events[0].Fd != timerID || took < 20*time.Millisecond {
			t.Errorf("%s: %d events after %v, %+v", name, n, took, p.events[0])
		}
		if n := p.poll(); n != 0 {
			t.Errorf("%s: the timer fires again: %+v", name, p.events[0])
		}
	}
}
