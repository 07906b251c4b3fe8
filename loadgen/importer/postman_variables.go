package importer

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"landfall/loadgen/template"
)

// dynamic are Postman's variables that are another value every time, and the placeholders that stand for them.
var dynamic = map[string]string{
	"$guid": "{{uuid}}", "$randomUUID": "{{uuid}}", "$timestamp": "{{now unix}}", "$isoTimestamp": `{{now "2006-01-02T15:04:05.000Z"}}`,
	"$randomInt": "{{int 0 1000}}", "$randomBoolean": "{{pick true false}}", "$randomEmail": "user{{random}}@example.com", "$randomUserName": "user{{random}}",
	"$randomPassword": "{{random}}", "$randomFirstName": "{{pick Ann Bob Eve Lee Max Zoe}}", "$randomLastName": "{{pick Brown Jones Khan Novak Rossi Smith}}",
	"$randomCity": "{{pick Berlin Lagos Lima Osaka Oslo Paris}}", "$randomWord": "{{pick apple bridge cloud garden river stone}}",
}

// maxNestedVariables bounds variables whose values name variables.
const maxNestedVariables = 10

// postmanVariables fills in a collection's variables.
type postmanVariables struct {
	values  map[string]string
	missing map[string]bool
	slots   []string // placeholders, each behind a text of its own until all escaping is done
}

const slotStart = "landfall0slot"

// holdsSlot reports whether a filled in text holds a placeholder still.
func holdsSlot(text string) bool { return strings.Contains(text, slotStart) }

// slot is a text that stands for a placeholder: letters and digits alone, which no escaping changes.
func slot(n int) string { return slotStart + strconv.Itoa(n) + "x" }

// fill replaces {{name}}. What is not known is remembered.
func (v *postmanVariables) fill(text string) string { return v.fillNested(text, 0) }

func (v *postmanVariables) fillNested(text string, depth int) string {
	return template.Replace(text, func(p string) string {
		name := strings.TrimSpace(strings.TrimSuffix(strings.TrimPrefix(p, "{{"), "}}"))
		if placeholder, ok := dynamic[name]; ok {
			v.slots = append(v.slots, placeholder)
			return slot(len(v.slots) - 1)
		}
		value, ok := v.values[name]
		if !ok || depth == maxNestedVariables {
			v.missing[name] = true
			return p
		}
		return v.fillNested(value, depth+1)
	})
}

// template is a filled in text as a template: its braces are literal, its slots are placeholders.
func (v *postmanVariables) template(filled string) string {
	return v.unslot(template.Literal(filled))
}

func (v *postmanVariables) unslot(text string) string {
	for n := len(v.slots) - 1; n >= 0; n-- {
		text = strings.ReplaceAll(text, slot(n), v.slots[n])
	}
	return text
}

// check is an error that names what is missing.
func (v *postmanVariables) check() error {
	if len(v.missing) == 0 {
		return nil
	}
	names := slices.Sorted(maps.Keys(v.missing))
	return fmt.Errorf("postman: variables without a value: %s; give each with -e NAME=VALUE", strings.Join(names, ", "))
}
