package tui

import (
	"strings"
	"testing"

	"landfall/loadgen"
)

// A body, headers or the whole spec are read back from the editor unchanged.
func TestEditor(t *testing.T) {
	m := inState(t, "idle", 120, 40)
	press(m, "T")
	f := m.top().(*composing)
	m.Update(editedMsg{what: "body", text: "{\n  \"a\": 1\n}\n"})
	m.Update(editedMsg{what: "headers", text: "Cookie: a=1; b=2\nX-Y: z; Z: 1\n\n"})
	if f.Draft.Spec.Body != "{\n  \"a\": 1\n}" || f.Draft.Spec.Headers["Cookie"] != "a=1; b=2" || f.Draft.Spec.Headers["X-Y"] != "z; Z: 1" {
		t.Errorf("%+v", f.Draft.Spec)
	}
	m.Update(editedMsg{text: "kind: avalanche\ntarget: http://127.0.0.1:1/x\ncount: 5\n"})
	if f.Kind != loadgen.Avalanche || f.Draft.Spec.Count != 5 || f.Value("target") != "http://127.0.0.1:1/x" {
		t.Errorf("%+v", f.Draft.Spec)
	}
	m.Update(editedMsg{text: "kind: nonsense"})
	if f.Draft.Spec.Count != 5 || !m.notice.bad {
		t.Errorf("a spec that is wrong is taken: %+v", f.Draft.Spec)
	}
}

// The editor gets the spec only if it has all that was typed: a field with an error would be lost.
func TestEditorKeepsWrongFields(t *testing.T) {
	m := inState(t, "idle", 120, 40)
	press(m, "T")
	f := m.top().(*composing)
	f.Set("rate", "abc")
	f.reread(m)
	if cmd := f.edit(m); cmd != nil || f.Value("rate") != "abc" || !strings.Contains(m.notice.text, "correct the field Rate, fleet first") {
		t.Errorf("%q, notice %q", f.Value("rate"), m.notice.text)
	}
	f.Set("rate", "100")
	if f.reread(m); f.edit(m) == nil {
		t.Errorf("the editor is not opened: %q", m.notice.text)
	}
}
