package node

// Schema is the version of every message in this package.
const Schema = 1

// Header is what every message begins with. Signature and ExpiresAtMS leave room for fleets that sign their commands.
type Header struct {
	Schema      int    `json:"schema"`
	ExpiresAtMS int64  `json:"expires_at_ms,omitempty"`
	Signature   string `json:"sig,omitempty"`
}

func (h *Header) header() *Header { return h }
