package domain

import (
	"encoding/json"
	"testing"

	"pgregory.net/rapid"
)

// TestMessage_AppendJSON: the bytes are those of encoding/json, whatever the message holds.
func TestMessage_AppendJSON(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := Message{
			ID: MessageID(rapid.String().Draw(t, "id")), SessionID: SessionID(rapid.String().Draw(t, "session")),
			Role: rapid.SampledFrom([]Author{AuthorUser, AuthorAssistant, AuthorOperator}).Draw(t, "role"),
			Text: rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"", "a<b>&\"\\", "\u2028", "\u2029x", "å", "\xff", "\x00\x1f\x7f", "😀"})).Draw(t, "text"),
			// -100 to 12000 AD
			CreatedAt: Timestamp(rapid.Int64Range(-65_000_000_000_000, 316_000_000_000_000).Draw(t, "at")),
		}
		if rapid.Bool().Draw(t, "image") {
			m.Image = NewImage(ImageID(rapid.String().Draw(t, "image id")), rapid.Int().Draw(t, "width"), rapid.Int().Draw(t, "height"))
		}
		want, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		if got := m.AppendJSON(nil); string(got) != string(want) {
			t.Errorf("got  %s\nwant %s", got, want)
		}
		list := []Message{m, m}[:rapid.IntRange(0, 2).Draw(t, "n")]
		want, err = json.Marshal(list)
		if err != nil {
			t.Fatal(err)
		}
		if got := AppendMessagesJSON(nil, list); string(got) != string(want) {
			t.Errorf("list: got  %s\nwant %s", got, want)
		}
	})
}

func BenchmarkMessagesJSON(b *testing.B) {
	list := make([]Message, 50)
	for i := range list {
		list[i] = Message{
			ID: "5b0a4c0e-5d5e-4f43-9a53-1d4d4f0c6a01", SessionID: "5b0a4c0e-5d5e-4f43-9a53-1d4d4f0c6a02", Role: AuthorUser,
			Text: "The kitchen tap drips all night, and the handle is stiff. It is an old one with two handles.", CreatedAt: 1_790_000_000_123,
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		AppendMessagesJSON(nil, list)
	}
}
