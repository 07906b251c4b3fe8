package shop

import (
	"encoding/json"
	"fmt"
	"net/http"
)

// addition is the body of POST /cart, as JSON or as the form of cartForm. With JSON, the CSRF token may be in the header X-CSRF-Token.
type addition struct {
	CSRF     string      `json:"csrf"`
	Item     json.Number `json:"item"`
	Quantity json.Number `json:"quantity"` // from 1 to 100; default 1
}

// cartForm serves a form with a CSRF token that this session can use once.
func (s *Shop) cartForm(w http.ResponseWriter, r *http.Request) {
	n := s.byCookie(w, r)
	if n == nil {
		return
	}
	answer(w, r, http.StatusOK, htmlType, fmt.Appendf(nil, `<!doctype html><title>Cart</title>
<form method="post" action="/cart">
<input type="hidden" name="csrf" value="%s">
<input name="item"><input name="quantity" value="1"><button>Put into cart</button>
</form>
`, n.newForm()))
}

func (s *Shop) addToCart(w http.ResponseWriter, r *http.Request) {
	n := s.byCookie(w, r)
	if n == nil {
		return
	}
	var a addition
	if !readBody(w, r, &a, func() {
		a = addition{r.PostFormValue("csrf"), json.Number(r.PostFormValue("item")), json.Number(r.PostFormValue("quantity"))}
	}) {
		return
	}
	if a.CSRF == "" {
		a.CSRF = r.Header.Get("X-CSRF-Token")
	}
	switch valid, fetched := n.useForm(a.CSRF); {
	case !fetched:
		s.refuse(w, r, Order, "the form was not fetched before (GET /cart/form)")
	case !valid:
		s.refuse(w, r, CSRF, "unknown or used CSRF token")
	default:
		s.put(w, r, n, a)
	}
}

func (s *Shop) put(w http.ResponseWriter, r *http.Request, n *session, a addition) {
	id, ok := itemID(a.Item.String())
	if !ok {
		notFound(w, r, "item")
		return
	}
	quantity := int64(1)
	if a.Quantity != "" {
		var err error
		if quantity, err = a.Quantity.Int64(); err != nil || quantity < 1 || quantity > 100 {
			answerJSON(w, r, http.StatusBadRequest, map[string]string{"error": "the quantity must be between 1 and 100"})
			return
		}
	}
	n.mu.Lock()
	n.cart[id] += int(quantity)
	items := len(n.cart)
	n.mu.Unlock()
	s.cartItems.Add(1)
	answerJSON(w, r, http.StatusOK, map[string]int{"items": items})
}

func (s *Shop) showCart(w http.ResponseWriter, r *http.Request) {
	n := s.byCookie(w, r)
	if n == nil {
		return
	}
	type line struct {
		item
		Quantity int `json:"quantity"`
	}
	lines, total := []line{}, 0.0
	n.mu.Lock()
	for id, quantity := range n.cart {
		l := line{itemOf(id), quantity}
		lines, total = append(lines, l), total+l.Price*float64(quantity)
	}
	n.mu.Unlock()
	answerJSON(w, r, http.StatusOK, map[string]any{"items": lines, "total": total})
}

// checkout requires the token and the cookie of one session, and items in its cart. It redirects to the order.
func (s *Shop) checkout(w http.ResponseWriter, r *http.Request) {
	n := s.byToken(w, r)
	if n == nil {
		return
	}
	switch other := s.byCookie(w, r); {
	case other == nil:
		return
	case other != n:
		s.refuse(w, r, Token, "token and cookie are of different sessions")
		return
	}
	n.mu.Lock()
	empty := len(n.cart) == 0
	if !empty {
		clear(n.cart)
		n.order = randomID()
	}
	order := n.order
	n.mu.Unlock()
	if empty {
		s.refuse(w, r, Order, "the cart is empty")
		return
	}
	s.orders.Add(1)
	http.Redirect(w, r, "/orders/"+order, http.StatusSeeOther)
}

// showOrder serves the last order of a session.
func (s *Shop) showOrder(w http.ResponseWriter, r *http.Request) {
	n := s.byCookie(w, r)
	if n == nil {
		return
	}
	n.mu.Lock()
	order := n.order
	n.mu.Unlock()
	if order == "" || r.PathValue("id") != order {
		notFound(w, r, "order")
		return
	}
	answerJSON(w, r, http.StatusOK, map[string]string{"order": order, "user": n.user})
}
