package keys

import "testing"

func TestScopes(t *testing.T) {
	for name, c := range map[string]struct {
		action     Action[int]
		in, footer Scope
	}{
		"on a page by default":         {Action[int]{Keys: []string{"a"}, Foot: "do"}, OnPage, OnPage},
		"in overlays":                  {Action[int]{Keys: []string{"a"}, Foot: "do", Scope: InText | InReport}, InText | InReport, InText | InReport},
		"shown in one of them":         {Action[int]{Keys: []string{"a"}, Foot: "do", Scope: InText | InReport, Shown: InReport}, InText | InReport, InReport},
		"not in the footer":            {Action[int]{Keys: []string{"a"}}, OnPage, 0},
		"only by name":                 {Action[int]{Name: "do", Foot: "do"}, OnPage, 0},
		"shown where it does not work": {Action[int]{Keys: []string{"a"}, Foot: "do", Shown: InForm}, OnPage, 0},
	} {
		for s := OnPage; s <= InPrompt; s <<= 1 {
			if got, want := c.action.In(s), c.in&s != 0; got != want {
				t.Errorf("%s: works in %b: %v", name, s, got)
			}
			if got, want := c.action.InFooter(s), c.footer&s != 0; got != want {
				t.Errorf("%s: footer in %b: %v", name, s, got)
			}
		}
	}
}

func TestActionsThatDoNotApplySayWhy(t *testing.T) {
	even := func(n int) bool { return n%2 == 0 }
	for name, c := range map[string]struct {
		action  Action[int]
		m       int
		at      Page
		applies bool
		reason  string
	}{
		"everywhere":      {Action[int]{}, 1, PageEvents, true, "not available now"},
		"on its page":     {Action[int]{Where: []Page{PageLive, PageDrivers}}, 1, PageDrivers, true, "not available now"},
		"on another page": {Action[int]{Where: []Page{PageLive, PageDrivers}, Why: "x"}, 1, PageEvents, false, "only on Live and Drivers"},
		"now":             {Action[int]{When: even, Why: "it is odd"}, 2, PageLive, true, "it is odd"},
		"not now":         {Action[int]{When: even, Why: "it is odd"}, 1, PageLive, false, "it is odd"},
		"neither":         {Action[int]{When: even, Where: []Page{PageHistory}}, 1, PageLive, false, "only on History"},
	} {
		if got := c.action.Applies(c.m, c.at); got != c.applies {
			t.Errorf("%s: applies: %v", name, got)
		}
		if got := c.action.Reason(c.at); got != c.reason {
			t.Errorf("%s: %q, want %q", name, got, c.reason)
		}
	}
}

func TestNames(t *testing.T) {
	if got := (Action[int]{Name: "stop"}).Of(); got != "stop" {
		t.Error(got)
	}
	if got := (Action[int]{Name: "stop", ID: "halt"}).Of(); got != "halt" {
		t.Error(got)
	}
	for key, want := range map[string]string{" ": "space", "up": "↑", "down": "↓", "left": "←", "right": "→", "x": "x", "ctrl+c": "ctrl+c"} {
		if got := Text(key); got != want {
			t.Errorf("%q: %q, want %q", key, got, want)
		}
	}
}
