package node

// Schema is the version of every message in this package.
const Schema = 1

// Header is the start of every message.
type Header struct {
	Schema int `json:"schema"`
	signer *Signer
}

func (h *Header) header() *Header { return h }

// SignedBy returns the owner of the fleet key that signed the message; nil if it is unsigned or this process has no fleet keys.
func (h *Header) SignedBy() *Signer { return h.signer }
