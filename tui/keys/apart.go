package keys

import tea "github.com/charmbracelet/bubbletea"

// wordKeys move and delete by words where text is typed.
var wordKeys = map[string]bool{"alt+b": true, "alt+f": true, "alt+d": true, "alt+backspace": true, "alt+left": true, "alt+right": true, "alt+delete": true}

// Apart is a key as the keys that were pressed: several characters one by one, and Alt with a key, which is also what Esc and
// a key look like that arrive together, as these two unless it is bound or moves by words in a text.
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
