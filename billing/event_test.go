package billing

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"liveassist/domain"
)

func TestParseEvent(t *testing.T) {
	for name, c := range map[string]struct {
		body string
		ok   bool
	}{
		"Event":         {`{"id":"evt_1","type":"a.b","created":1700000000,"livemode":true,"data":{"object":{"id":"x"}}}`, true},
		"OldRequest":    {`{"id":"evt_1","type":"a.b","request":"req_1","data":{"object":{}}}`, true},
		"NoData":        {`{"id":"evt_1","type":"a.b"}`, true},
		"NullData":      {`{"id":"evt_1","type":"a.b","data":null}`, true},
		"DataOfText":    {`{"id":"evt_1","type":"a.b","data":"x"}`, true},
		"ObjectOfList":  {`{"id":"evt_1","type":"a.b","data":{"object":[1]}}`, true},
		"Thin":          {`{"id":"evt_1","object":"v2.core.event","type":"v1.billing.meter.error","created":"2024-09-17T06:20:52.246Z","related_object":{"id":"mtr_1"}}`, true},
		"WrongTypes":    {`{"id":"evt_1","type":"a.b","created":"soon","livemode":"yes","account":7}`, true},
		"LeadingBlanks": {" \r\n\t" + `{"id":"evt_1","type":"a.b"}`, true},
		"Null":          {`null`, false},
		"Empty":         {``, false},
		"List":          {`[{"id":"evt_1","type":"a.b"}]`, false},
		"Text":          {`"evt_1"`, false},
		"NoID":          {`{"type":"a.b"}`, false},
		"NoType":        {`{"id":"evt_1"}`, false},
		"IDOfNumber":    {`{"id":1,"type":"a.b"}`, false},
		"CutShort":      {`{"id":"evt_1","type":"a.b"`, false},
		"Trailing":      {`{"id":"evt_1","type":"a.b"}{}`, false},
		"NoUTF8":        {"{\"id\":\"evt_\xff\",\"type\":\"a.b\"}", true},
	} {
		t.Run(name, func(t *testing.T) {
			e, err := ParseEvent([]byte(c.body))
			if (err == nil) != c.ok {
				t.Fatalf("ParseEvent = %+v, %v; want ok %v", e, err, c.ok)
			}
			if err != nil && !errors.Is(err, ErrNoEvent) {
				t.Errorf("error %v is no ErrNoEvent", err)
			}
		})
	}
}

func TestSecrets_Verify(t *testing.T) {
	payload := []byte(`{"id":"evt_1","type":"a.b"}`)
	now := time.Now()
	secrets := ParseSecrets(" whsec_old \n,, whsec_new\n")
	if len(secrets) != 2 {
		t.Fatalf("secrets = %q", secrets)
	}
	good := sign(payload, "whsec_new", now)
	for name, c := range map[string]struct {
		secrets Secrets
		header  string
		want    error
	}{
		"New":               {secrets, good, nil},
		"Old":               {secrets, sign(payload, "whsec_old", now), nil},
		"AlmostTooOld":      {secrets, sign(payload, "whsec_new", now.Add(-297*time.Second)), nil},
		"TooOld":            {secrets, sign(payload, "whsec_new", now.Add(-302*time.Second)), ErrTooOld},
		"TooOldAndForged":   {secrets, sign(payload, "whsec_forged", now.Add(-302*time.Second)), ErrBadSignature},
		"Forged":            {secrets, sign(payload, "whsec_forged", now), ErrBadSignature},
		"SignedWithNothing": {secrets, sign(payload, "", now), ErrBadSignature},
		"OtherBody":         {secrets, sign([]byte("{}"), "whsec_new", now), ErrBadSignature},
		"None":              {secrets, "", ErrNotSigned},
		"Garbage":           {secrets, "garbage", ErrInvalidHeader},
		"NoTime":            {secrets, strings.SplitN(good, ",", 2)[1], ErrBadSignature},
		"BadTime":           {secrets, "t=now," + strings.SplitN(good, ",", 2)[1], ErrInvalidHeader},
		"TwoSignatures":     {secrets, good + ",v1=00ff", nil},
		"NoSecret":          {nil, good, ErrNoSecret},
		"NoSecretAndForged": {ParseSecrets(" , \n"), sign(payload, "", now), ErrNoSecret},
	} {
		t.Run(name, func(t *testing.T) {
			if err := c.secrets.Verify(payload, c.header); !errors.Is(err, c.want) {
				t.Errorf("Verify = %v, want %v", err, c.want)
			}
		})
	}
}

// Whatever is in an event that Stripe has signed, it is answered without a panic and
// without asking Stripe to send it again.
func FuzzEvent(f *testing.F) {
	d := newDeal("u1", 1_700_000_000)
	for _, e := range purchaseEvents(d, true) {
		f.Add(mustJSON(f, e))
	}
	for _, e := range purchaseEvents(d, false) {
		f.Add(mustJSON(f, e))
	}
	f.Add([]byte(`null`))
	f.Add([]byte(`{"id":"evt_1","type":"invoice.paid","data":{"object":{"id":"in_1","lines":{"data":[null,1,{"period":null}]}}}}`))
	f.Add([]byte(`{"id":"evt_1","type":"charge.refunded","data":{"object":{"id":"ch_1","customer":{"id":[]},"amount":-1}}}`))
	w := newWorld(f)
	user := w.user()
	f.Fuzz(func(t *testing.T, payload []byte) {
		// A user that exists lets the fuzzer reach what is behind the look-up.
		payload = []byte(strings.ReplaceAll(string(payload), `"u1"`, `"`+string(user)+`"`))
		err := w.Deliver(t.Context(), payload, sign(payload, testSecret, time.Now()), false)
		if kind := domain.KindOf(err); err != nil && kind != domain.KindInvalidRequest {
			t.Errorf("%q: %v", payload, err)
		}
		if _, perr := ParseEvent(payload); (perr == nil) != (err == nil) {
			t.Errorf("%q: parsed %v, delivered %v", payload, perr, err)
		}
	})
}

func mustJSON(tb testing.TB, v any) []byte {
	tb.Helper()
	b, err := json.Marshal(v)
	must(tb, err)
	return b
}
