package driver

import (
	"strings"

	"landfall/node"
)

// NewName is a name for a driver that was given none: its host's, and a suffix so that a host may have several.
func NewName(host string) string {
	clean := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '.', r == '-', r == '_':
			return r
		}
		return '-'
	}, host)
	clean = strings.TrimLeft(clean, ".-_")
	return clean[:min(len(clean), 48)] + map[bool]string{true: "driver"}[clean == ""] + "-" + node.NewID()[:4]
}
