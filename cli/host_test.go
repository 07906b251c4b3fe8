package cli

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"landfall/cli/exit"
	"landfall/node/membus"
	"landfall/node/orchestrator"
)

// hosted calls use with an orchestrator on an empty bus.
func hosted(ctx context.Context, use func(*orchestrator.Orchestrator) error) error {
	return Host(ctx, orchestrator.New(membus.New().Node("o"), orchestrator.Config{}), use)
}

func TestHost(t *testing.T) {
	failed := errors.New("failed")
	for _, want := range []error{nil, failed} {
		used := false
		err := hosted(t.Context(), func(o *orchestrator.Orchestrator) error {
			select {
			case <-o.Ready():
				used = true
			default:
			}
			return want
		})
		if !used || !errors.Is(err, want) {
			t.Errorf("used when ready: %v, error %v, want %v", used, err, want)
		}
	}
}

// The context limits the time until the topics are read, but not use.
func TestHostIsInterruptedOnlyBeforeItIsUsed(t *testing.T) {
	stopped := errors.New("stopped")
	ctx, cancel := context.WithCancelCause(t.Context())
	bus := membus.New().Node("o")
	bus.Cut() // nothing can be read
	cancel(stopped)
	if err := Host(ctx, orchestrator.New(bus, orchestrator.Config{}), func(*orchestrator.Orchestrator) error { return nil }); !errors.Is(err, stopped) {
		t.Errorf("%v, want %v", err, stopped)
	}
	ctx, cancel = context.WithCancelCause(t.Context())
	if err := hosted(ctx, func(o *orchestrator.Orchestrator) error {
		cancel(stopped)
		return o.Connected()
	}); err != nil {
		t.Errorf("interrupted while it is used: %v", err)
	}
}

func TestAnswers(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/ping" {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	}))
	defer s.Close()
	if err := Answers(t.Context(), s.URL+"/ping"); err != nil {
		t.Error(err)
	}
	if err := Answers(t.Context(), s.URL+"/other"); err == nil || !strings.Contains(err.Error(), "503") {
		t.Errorf("status 503: %v", err)
	}
	for _, url := range []string{"127.0.0.1:80", "ftp://127.0.0.1/", "http://", "http://%/"} {
		var usage *exit.UsageError
		if err := Answers(t.Context(), url); !errors.As(err, &usage) {
			t.Errorf("%s: %v, want a usage error", url, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := Answers(ctx, s.URL+"/ping"); !errors.Is(err, context.Canceled) {
		t.Errorf("canceled: %v", err)
	}
}
