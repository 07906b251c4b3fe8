package node

// Schema is the version of every message in this package.
const Schema = 1

// Header is what every message begins with.
type Header struct {
	Schema int `json:"schema"`
	signer *Signer
}

func (h *Header) header() *Header { return h }

// SignedBy is whose fleet key signed the message, as far as this process verifies signatures; nil: nobody's.
func (h *Header) SignedBy() *Signer { return h.signer }
