package node

import "fmt"

// A few bytes of JSON become a few hundred of memory: each {} of a list is a whole struct, before anybody has counted them. So what a
// text would make is counted first.

// most bounds what a message may consist of.
type most struct{ objects, values int }

// structures are far above what an honest node sends: 10,000 shares of a plan, 256 requests with 256 headers each.
var structures = map[Topic]most{
	TopicRegister:   {100, 2_000},
	TopicHeartbeat:  {200, 2_000},
	TopicTestConfig: {20_000, 200_000},
	TopicTrigger:    {20_000, 200_000},
	TopicMetrics:    {10_000, 200_000},
}

// CheckStructure refuses a JSON text with more objects, or more values in all, than that. It need not be valid.
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
