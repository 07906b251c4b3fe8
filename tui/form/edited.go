package form

// Edited reports whether the form was edited since it was opened.
func (f *Form) Edited() bool {
	if f.rewritten {
		return true
	}
	for _, at := range f.Fields {
		if at.edited() {
			return true
		}
	}
	return false
}

// Rewritten marks the form as edited: its spec was written in an editor.
func (f *Form) Rewritten() { f.rewritten = true }

// Take copies what was typed into fields that both forms have.
func (f *Form) Take(from *Form) {
	for _, at := range from.Fields {
		if at.edited() {
			f.Set(at.Name, at.input.Value())
		}
	}
}

func (f *Field) edited() bool { return f.input.Value() != f.opened }
