package node

import "fmt"

// A few bytes of JSON can become hundreds of bytes of memory: each {} in a list becomes a whole struct, which
// is allocated before any length check. Therefore the values of a document are counted first.

// most limits the contents of a message.
type most struct{ objects, values int }

// These are far above what an honest node sends: a plan with 10,000 shares, 256 requests with 256 headers each.
var structures = map[Topic]most{
	TopicRegister:   {100, 2_000},
	TopicHeartbeat:  {200, 2_000},
	TopicTestConfig: {20_000, 200_000},
	TopicTrigger:    {20_000, 200_000},
	TopicMetrics:    {10_000, 200_000},
}

// CheckStructure rejects JSON with too many objects, or too many values in all. It need not be valid JSON.
func CheckStructure(text []byte, objects, values int) error {
	o, v, quoted := 0, 0, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '"':
			quoted = !quoted
		case quoted && c == '\\':
			i++
		case quoted:
		case c == '{':
			o++
		case c == ',':
			v++
		}
	}
	if o > objects {
		return fmt.Errorf("%d objects: must be at most %d", o, objects)
	}
	if v > values {
		return fmt.Errorf("%d values: must be at most %d", v, values)
	}
	return nil
}
