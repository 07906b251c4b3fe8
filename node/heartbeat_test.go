package node

import (
	"math"
	"strings"
	"testing"
)

func TestHeartbeatsAreChecked(t *testing.T) {
	good := func() *Heartbeat { return &Heartbeat{NodeID: "d1", BootID: "b1", State: Running, TestID: "run-1"} }
	for name, c := range map[string]struct {
		change func(*Heartbeat)
		want   string
	}{
		"as it is":         {func(*Heartbeat) {}, ""},
		"without a run":    {func(h *Heartbeat) { h.TestID = "" }, ""},
		"no name":          {func(h *Heartbeat) { h.NodeID = "" }, "node_id"},
		"no boot":          {func(h *Heartbeat) { h.BootID = "" }, "boot_id"},
		"name as a path":   {func(h *Heartbeat) { h.NodeID = "../x" }, "node_id"},
		"unknown state":    {func(h *Heartbeat) { h.State = DriverState("lost" + strings.Repeat("!", 1000)) }, `state "lost`},
		"no state":         {func(h *Heartbeat) { h.State = "" }, "state"},
		"run as a path":    {func(h *Heartbeat) { h.TestID = "a/b" }, "test_id"},
		"answer to a path": {func(h *Heartbeat) { h.Answers = []Answer{{TestID: "a/b"}} }, "answers.test_id"},
		"negative rate":    {func(h *Heartbeat) { h.RateRPS = -1 }, "rate_rps"},
		"NaN":              {func(h *Heartbeat) { h.CPU = math.NaN() }, "cpu"},
		"negative count":   {func(h *Heartbeat) { h.Failed = -1 }, "failed"},
		"huge":             {func(h *Heartbeat) { h.Requests = math.MaxInt64 }, "requests"},
	} {
		h := good()
		c.change(h)
		err := h.check()
		if (err == nil) != (c.want == "") || err != nil && (!strings.Contains(err.Error(), c.want) || len(err.Error()) > 100) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}

// Texts of a driver reach a terminal: they are cleaned, and their number is limited.
func TestTextsOfHeartbeatsAreClean(t *testing.T) {
	h := &Heartbeat{NodeID: "d1", BootID: "b1", State: Idle, Note: "out of \x1b[31mmemory" + strings.Repeat("!", 1000)}
	for range 100 {
		h.Answers = append(h.Answers, Answer{TestID: "r", Refuse: "no\nway"})
	}
	if err := h.check(); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(h.Note, "\x1b") || len(h.Note) > 300 || len(h.Answers) != 64 || strings.Contains(h.Answers[63].Refuse, "\n") {
		t.Errorf("%q, %d answers, %q", h.Note, len(h.Answers), h.Answers[0].Refuse)
	}
}
