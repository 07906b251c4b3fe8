// Package evidence keeps single requests of a run: the first exchanges of each distinct failure, and the
// slowest requests. Lists are merged like histograms and are bounded. The caller masks the secrets of an
// exchange, in all of their [Encodings], before adding it.
package evidence

import (
	"cmp"
	"slices"
	"strings"
)

// Cause is why a request failed.
type Cause string

// The causes. A response that fails for several reasons has the first of them.
const (
	Error   Cause = "error"   // no response
	Status  Cause = "status"  // unexpected status
	Body    Cause = "body"    // unexpected body
	Check   Cause = "check"   // a check of the step failed
	Extract Cause = "extract" // a value that the step needs is missing in the response
)

// Causes lists all causes, in that order.
var Causes = [...]Cause{Error, Status, Body, Check, Extract}

// Exchange is a failed request and its response. Its strings are single lines without control characters or
// secrets.
type Exchange struct {
	Request   string   `json:"request,omitempty"` // its name in the spec, or its step's
	Cause     Cause    `json:"cause"`
	Why       string   `json:"why"` // such as "connect: 10.0.0.1:80: connection refused", "status 500", or the check
	Driver    string   `json:"driver,omitempty"`
	AtMS      int64    `json:"at_ms"` // since T0, when it ended
	LatencyUS int64    `json:"latency_us"`
	Status    int      `json:"status,omitempty"` // 0: no response
	Sent      []string `json:"sent,omitempty"`   // request line and header
	Head      []string `json:"head,omitempty"`   // status line and header of the response
	Body      []string `json:"body,omitempty"`   // the first KB of the response's body
	Whole     bool     `json:"whole,omitempty"`  // none of it had been discarded when it failed
}

// Limits of the lists.
const (
	PerFailure   = 3  // exchanges for each failure
	MaxExchanges = 60 // exchanges for each run
	MaxSlowest   = 10
	MaxLines     = 60   // of a request, a head or a body
	MaxBody      = 1024 // bytes of a body
)

// Same reports whether two exchanges failed in the same way.
func (e *Exchange) Same(other *Exchange) bool { return kinds(*e, *other) == 0 }

func kinds(a, b Exchange) int {
	return cmp.Or(strings.Compare(a.Request, b.Request), strings.Compare(string(a.Cause), string(b.Cause)), strings.Compare(a.Why, b.Why))
}

// rank orders exchanges of one failure: complete ones first, then by time and by how much of their header is known.
func rank(a, b Exchange) int {
	if a.Whole != b.Whole {
		if a.Whole {
			return -1
		}
		return 1
	}
	return cmp.Or(cmp.Compare(a.AtMS, b.AtMS), cmp.Compare(len(b.Head), len(a.Head)), strings.Compare(a.Driver, b.Driver), cmp.Compare(a.LatencyUS, b.LatencyUS))
}

// Merge returns a new list with the exchanges of both that are kept: the first [PerFailure] of each failure,
// complete ones first, and [MaxExchanges] in all, ordered by failure. The result does not depend on the order
// of merging as long as all failures fit.
func Merge(a, b []Exchange) []Exchange {
	list := slices.Concat(a, b)
	slices.SortStableFunc(list, func(a, b Exchange) int { return cmp.Or(kinds(a, b), rank(a, b)) })
	for most := PerFailure; most > 0; most-- {
		list = firstOf(list, most)
		if len(list) <= MaxExchanges {
			return list
		}
	}
	slices.SortStableFunc(list, func(a, b Exchange) int { return cmp.Or(cmp.Compare(a.AtMS, b.AtMS), kinds(a, b)) })
	list = list[:MaxExchanges]
	slices.SortStableFunc(list, kinds)
	return list
}

// firstOf keeps the first exchanges of each failure in a sorted list.
func firstOf(list []Exchange, most int) []Exchange {
	kept := list[:0]
	for i := range list {
		if n := len(kept); n < most || !kept[n-most].Same(&list[i]) {
			kept = append(kept, list[i])
		}
	}
	return kept
}

// Slow is one of the slowest requests with a response.
type Slow struct {
	Request   string `json:"request,omitempty"`
	Driver    string `json:"driver,omitempty"`
	AtMS      int64  `json:"at_ms"`      // since T0, when it ended
	LatencyUS int64  `json:"latency_us"` // since it was due
	ServiceUS int64  `json:"service_us"` // since it was sent
	Status    int    `json:"status"`
}

// Slowest returns a new list with the [MaxSlowest] slowest of both, the slowest first.
func Slowest(a, b []Slow) []Slow {
	list := slices.Concat(a, b)
	slices.SortFunc(list, func(a, b Slow) int {
		return cmp.Or(cmp.Compare(b.LatencyUS, a.LatencyUS), cmp.Compare(a.AtMS, b.AtMS), strings.Compare(a.Driver, b.Driver), strings.Compare(a.Request, b.Request))
	})
	return list[:min(len(list), MaxSlowest)]
}
