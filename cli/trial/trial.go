// Package trial runs one iteration of a scenario in this process and shows every request, response, extracted value and check, to debug
// a scenario.
package trial

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"landfall/loadgen"
	"landfall/loadgen/engine"
)

// Trial is the record of one iteration.
type Trial struct {
	Scenario  string
	Exchanges []engine.Exchange
	Failure   string // why the iteration failed; "" if it did not
	http2     bool
}

// Passed reports whether the iteration finished, every status was expected and every check passed.
func (t *Trial) Passed() bool {
	return t.Failure == "" && !slices.ContainsFunc(t.Exchanges, func(e engine.Exchange) bool { return !passed(e) })
}

// passed reports whether there was a response with an expected status that passed all checks.
func passed(e engine.Exchange) bool {
	return e.Error == "" && e.Expected
}

// maxExchanges is the maximum number of requests of a trial: more are those of an endless loop.
const maxExchanges = 1000

// Run runs the single user of a spec made by [Only]. When ctx is done it returns the requests until then.
func Run(ctx context.Context, spec loadgen.Spec, version string) (*Trial, error) {
	t := &Trial{Scenario: spec.Scenarios[0].Name, http2: spec.HTTP2}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	record := func(x engine.Exchange) {
		if len(t.Exchanges) == maxExchanges {
			stop(fmt.Errorf("stopped after %d requests: is a loop endless?", maxExchanges))
			return
		}
		t.Exchanges = append(t.Exchanges, x)
	}
	e, err := engine.New(spec, engine.Options{NodeID: "local", Version: version, Threads: 1, Log: slog.New(slog.DiscardHandler), Exchanged: record})
	if err != nil {
		return nil, err
	}
	if err := e.Setup(ctx); err != nil {
		if t.Failure = err.Error(); ctx.Err() != nil {
			t.Failure = whyStopped(ctx)
		}
		return t, nil
	}
	share := loadgen.Share{Connections: 1, Quota: 1, Of: 1, Schedule: spec.UserSchedule()}
	err = e.Run(ctx, time.Now(), share, func(s loadgen.Snapshot) {
		for _, f := range s.Failures {
			t.Failure = strings.TrimPrefix(f.Step+": "+f.Reason, ": ")
		}
		for _, f := range s.ErrorReasons {
			t.Failure += " (" + string(f.Class) + ": " + f.Why + ")"
		}
	})
	if ctx.Err() != nil {
		t.Failure, err = whyStopped(ctx), nil
	}
	return t, err
}

// whyStopped returns why a context is done.
func whyStopped(ctx context.Context) string {
	if why := context.Cause(ctx); why != context.Canceled {
		return why.Error()
	}
	return "interrupted"
}

// maxShown is the maximum length of a printed body, in bytes.
const maxShown = 4 << 10

// Text prints the trial as text.
func (t *Trial) Text(w io.Writer, hide Mask) {
	fmt.Fprintf(w, "scenario %s\n", shown(t.Scenario))
	for _, x := range t.Exchanges {
		fmt.Fprintf(w, "\n── %s%s\n", shown(x.Step), inGroups(x.Groups))
		if request := t.request(x, hide); request != "" {
			indent(w, "> ", cut(request))
		}
		if x.Error != "" {
			fmt.Fprintf(w, "  ✖ %s error\n", x.Error)
			continue
		}
		note := ""
		if len(x.Checks) == 0 && !x.Expected {
			note = "  ✖ unexpected"
		}
		fmt.Fprintf(w, "< %d in %s%s\n", x.Status, x.Latency.Round(time.Microsecond), note)
		indent(w, "< ", hide.message(x.Header)+"\n"+cut(hide.body(x.Body)))
		for _, e := range x.Extracted {
			note := ""
			if !e.Found {
				note = "  (not in the response)"
			}
			fmt.Fprintf(w, "  %s = %s%s\n", e.Name, shown(cut(hide.value(e.Value))), note)
		}
		for _, c := range x.Checks {
			mark := "✓"
			if !c.Passed {
				mark = "✖"
			}
			fmt.Fprintf(w, "  %s %s\n", mark, shown(c.Check))
		}
	}
	switch {
	case t.Failure != "":
		fmt.Fprintf(w, "\n✖ the iteration failed: %s\n", shown(t.Failure))
	case !t.Passed():
		fmt.Fprintf(w, "\n✖ a response was not as expected\n")
	default:
		fmt.Fprintf(w, "\n✓ all as expected, requests: %d\n", len(t.Exchanges))
	}
}

// inGroups returns the groups of a step for display, or "".
func inGroups(names []string) string {
	if len(names) == 0 {
		return ""
	}
	return shown(" (group " + strings.Join(names, " / ") + ")")
}

// request returns a request for display: its head with the protocol that was used, and its body.
func (t *Trial) request(x engine.Exchange, hide Mask) string {
	head, body, ok := strings.Cut(x.Request, "\r\n\r\n")
	if !ok {
		return ""
	}
	if line, rest, _ := strings.Cut(head, "\r\n"); t.http2 {
		head = strings.TrimSuffix(line, "HTTP/1.1") + "HTTP/2\r\n" + rest
	}
	return hide.message(head+"\r\n") + "\r\n" + hide.body(body)
}

// body returns a body for display: redacted, without bytes that are not text.
func (m Mask) body(text string) string {
	if !strings.Contains(text, "\x00") && utf8.ValidString(text) {
		return m.text(text)
	}
	if first, _, _ := strings.Cut(text, "\r\n"); strings.HasPrefix(first, "--") && strings.HasSuffix(strings.TrimSpace(text), first+"--") {
		parts := strings.Split(text, first)
		for i, part := range parts {
			if head, content, ok := strings.Cut(part, "\r\n\r\n"); ok && !utf8.ValidString(content) {
				parts[i] = head + fmt.Sprintf("\r\n\r\n(%d bytes that are not text)\r\n", len(content)-len("\r\n"))
			}
		}
		return m.text(strings.Join(parts, first))
	}
	return fmt.Sprintf("(%d bytes that are not text)", len(text))
}

func cut(body string) string {
	if len(body) <= maxShown {
		return body
	}
	return strings.ToValidUTF8(body[:maxShown], "") + fmt.Sprintf("\n… %d bytes more", len(body)-maxShown)
}

func indent(w io.Writer, mark, text string) {
	for line := range strings.SplitSeq(strings.TrimRight(text, "\r\n"), "\n") {
		fmt.Fprintf(w, "%s%s\n", mark, shown(strings.TrimRight(line, "\r")))
	}
}
