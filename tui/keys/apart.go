package keys

import tea "github.com/charmbracelet/bubbletea"

// wordKeys move and delete by words in text fields.
var wordKeys = map[string]bool{"alt+b": true, "alt+f": true, "alt+d": true, "alt+backspace": true, "alt+left": true, "alt+right": true, "alt+delete": true}

// Apart splits a key message into the keys that were pressed: several characters become single ones, and Alt with a key becomes Esc and
// that key, because a terminal sends the same bytes for both. Alt with a key stays whole if it is bound, or edits by words while typing.
func Apart(k tea.KeyMsg, typing, bound bool) []tea.KeyMsg {
	switch {
	case k.Paste:
	case k.Alt && !bound && !(typing && wordKeys[k.String()]):
		k.Alt = false
		return []tea.KeyMsg{{Type: tea.KeyEsc}, k}
	case k.Type == tea.KeyRunes && len(k.Runes) > 1:
		var keys []tea.KeyMsg
		for _, r := range k.Runes {
			keys = append(keys, tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune{r}})
		}
		return keys
	}
	return []tea.KeyMsg{k}
}
