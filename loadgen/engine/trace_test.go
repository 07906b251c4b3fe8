package engine

import (
	"reflect"
	"testing"
	"time"

	"landfall/loadgen"
	"landfall/loadgen/extract"
	"landfall/loadgen/script"
)

// A trace reports each exchange once, with everything that happened since the request was sent.
func TestTrace(t *testing.T) {
	var got []Exchange
	program := &script.Program{Messages: []script.Message{{Name: "login"}}, Checks: []script.CheckName{{Step: "login", Check: "status 200"}}}
	tr := newTrace(&Engine{options: Options{Exchanged: func(e Exchange) { got = append(got, e) }}, script: &script.Script{Program: program}})
	if m := program.Messages[0]; !m.NeedsBody || !m.NeedsHead {
		t.Error("the response of a traced step is not kept")
	}
	m := &program.Messages[0]
	tr.sent(m, []byte("GET / HTTP/1.1\r\n\r\n"))
	tr.received(&extract.Response{Status: 200, Head: []byte("A: b\n"), Body: []byte("ok")}, int64(time.Second))
	tr.extracted("token", "t-1", true)
	tr.checked(0, false)
	tr.judged(true)
	tr.ended(m, noClass)
	tr.sent(m, nil)
	tr.ended(m, classTimeout)
	want := []Exchange{
		{Step: "login", Request: "GET / HTTP/1.1\r\n\r\n", Status: 200, Header: "A: b\n", Body: "ok", Latency: time.Second, Extracted: []Extracted{{"token", "t-1", true}}, Checks: []CheckResult{{"status 200", false}}, Expected: true},
		{Step: "login", Error: loadgen.ErrTimeout},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%+v\nwant %+v", got, want)
	}
}

func TestNoTrace(t *testing.T) {
	program := &script.Program{Messages: []script.Message{{Name: "a"}}}
	tr := newTrace(&Engine{script: &script.Script{Program: program}})
	if tr != nil || program.Messages[0].NeedsBody {
		t.Fatalf("%+v", tr)
	}
	tr.sent(nil, nil)
	tr.received(nil, 0)
	tr.extracted("", "", false)
	tr.checked(0, false)
	tr.judged(false)
	tr.ended(nil, noClass)
}
