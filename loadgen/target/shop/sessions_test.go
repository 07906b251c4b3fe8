package shop

import (
	"testing"
	"testing/synctest"
	"time"
)

const limit = 3200

func TestExpiredSessionsAreRemoved(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSessions(limit)
		var all []*session
		for {
			n, ok := s.open("user1")
			if !ok {
				break
			}
			all = append(all, n)
		}
		if len(all) < limit/2 || len(all) > limit {
			t.Errorf("%d sessions until one was refused, want at most %d", len(all), limit)
		}
		first := all[0]
		if s.byID(first.id) != first || s.byToken(first.token) != first {
			t.Error("a session is not found")
		}
		s.end(all[1])
		if s.byID(all[1].id) != nil {
			t.Error("a session that ended is found")
		}
		time.Sleep(lifetime)
		if s.byID(first.id) != nil || s.byToken(first.token) != nil {
			t.Error("a session is found after its lifetime")
		}
		time.Sleep(time.Nanosecond)
		for range 100 {
			if _, ok := s.open("user1"); !ok {
				t.Fatal("no room although all have expired")
			}
		}
	})
}

func TestOnlyTheNewestFormsAreValid(t *testing.T) {
	s := newSessions(limit)
	n, _ := s.open("user1")
	first := n.newForm()
	for range maxForms - 1 {
		n.newForm()
	}
	last := n.newForm()
	if valid, _ := n.useForm(first); valid {
		t.Error("the oldest of too many is valid")
	}
	if valid, _ := n.useForm(last); !valid {
		t.Error("the newest is not valid")
	}
}
