package store

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"liveassist/domain"
)

var testPicture = NewImage{
	ContentType: "image/jpeg", Width: 640, Height: 480, Bytes: []byte("the picture"),
	PreviewType: "image/webp", Preview: []byte("its preview"), Hash: "abc",
}

// send tries to store a picture and returns what AddImage does.
func (s *testStore) send(user domain.UserID, session domain.SessionID, id domain.MessageID) (domain.Message, bool, error) {
	return s.AddImage(context.Background(), NewMessage{User: user, Session: session, ID: id, Role: domain.AuthorUser}, testPicture,
		Allowance{PerDay: 2, Grace: time.Hour})
}

// assertPictures holds the tables against each other and the number of pictures.
func (s *testStore) assertPictures(want int64) {
	s.tb.Helper()
	for _, query := range []string{
		`SELECT COUNT(*) FROM images`, `SELECT COUNT(*) FROM liveassist_messages m JOIN images i ON i.id = m.image_id AND i.user_id = m.user_id`,
		`SELECT COUNT(*) FROM liveassist_messages`, `SELECT COUNT(*) FROM outbox WHERE event = 'message.created'`,
	} {
		if got := s.mustInt(query); got != want {
			s.tb.Errorf("%s = %d, want %d", query, got, want)
		}
	}
}

func TestDB_AddImage(t *testing.T) {
	s := mustOpen(t)
	user, session := s.mustTalk("a@example.com")
	stranger, strangers := s.mustTalk("b@example.com")
	m, known, err := s.send(user, session, clientID(1))
	if err != nil || known || m.Image == nil || m.Image.Width != 640 || m.Image.Height != 480 || m.Image.URL != "/api/images/"+string(m.Image.ID) {
		t.Fatalf("stored %+v, known %v, %v", m, known, err)
	}
	if list, err := s.Messages(t.Context(), user, session, "", MaxPage); err != nil || len(list) != 1 || *list[0].Image != *m.Image {
		t.Errorf("read %v, %v, want the message with its picture", list, err)
	}
	for preview, want := range map[bool]Picture{
		false: {Owner: user, ContentType: "image/jpeg", Hash: "abc", Bytes: []byte("the picture")},
		true:  {Owner: user, ContentType: "image/webp", Hash: "abc", Bytes: []byte("its preview")},
	} {
		p, err := s.Picture(t.Context(), m.Image.ID, preview)
		if err != nil || p.Owner != want.Owner || p.ContentType != want.ContentType || p.Hash != want.Hash || string(p.Bytes) != string(want.Bytes) {
			t.Errorf("preview %v: %+v, %v, want %+v", preview, p, err, want)
		}
	}
	if p, err := s.PictureHead(t.Context(), m.Image.ID); err != nil || p.Owner != user || p.Hash != "abc" || p.Bytes != nil {
		t.Errorf("head %+v, %v", p, err)
	}
	if _, err := s.Picture(t.Context(), "none", false); !errors.Is(err, domain.ErrNotFound) {
		t.Errorf("no picture: %v, want domain.ErrNotFound", err)
	}
	if _, _, err := s.send(stranger, session, clientID(2)); !errors.Is(err, domain.ErrNotFound) {
		t.Errorf("into another's conversation: %v, want domain.ErrNotFound", err)
	}
	if u, err := s.User(t.Context(), stranger); err != nil || u.ImageCounter != 0 {
		t.Errorf("the stranger's counter = %d, %v, want 0", u.ImageCounter, err)
	}
	if other, known, err := s.send(stranger, strangers, clientID(1)); err != nil || known || other.Image.ID == m.Image.ID {
		t.Errorf("another's same id: %+v, known %v, %v, want another message", other, known, err)
	}
	s.assertPictures(2)
}

// TestDB_AddImage_Limit: of many at once as many as are allowed get through, each told by
// one event; retries are answered, also at the limit; the next day begins anew.
func TestDB_AddImage_Limit(t *testing.T) {
	s := mustOpen(t)
	user, session := s.mustTalk("a@example.com")
	var mu sync.Mutex
	var stored []domain.Message
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() {
			m, known, err := s.send(user, session, clientID(i))
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil && !known:
				stored = append(stored, m)
			case !errors.Is(err, ErrImageLimit):
				t.Errorf("picture %d: known %v, %v, want ErrImageLimit", i, known, err)
			}
		})
	}
	wg.Wait()
	if len(stored) != 2 {
		t.Fatalf("%d pictures were taken, want 2", len(stored))
	}
	s.assertPictures(2)
	for range 5 {
		if m, known, err := s.send(user, session, stored[0].ID); err != nil || !known || m.Image == nil || *m.Image != *stored[0].Image {
			t.Errorf("retry at the limit: %+v, known %v, %v, want the first message", m, known, err)
		}
	}
	counter := func(want int, events ...string) {
		t.Helper()
		u, err := s.User(t.Context(), user)
		if err != nil || u.ImagesOn(domain.DayOf(s.clock.Now())) != want {
			t.Errorf("counter = %d, %v, want %d", u.ImageCounter, err, want)
		}
		var got []string
		all, err := s.EventsAfter(t.Context(), user, 0, 100)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range all {
			if e.Name == domain.EventUsageUpdated {
				got = append(got, string(e.Data))
			}
		}
		if strings.Join(got, "") != strings.Join(events, "") {
			t.Errorf("told %v, want %v", got, events)
		}
	}
	one, two := `{"type":"usage.updated","image_counter":1,"image_limit":2}`, `{"type":"usage.updated","image_counter":2,"image_limit":2}`
	counter(2, one, two)

	s.clock.Add(24 * time.Hour)
	counter(0, one, two)
	if _, _, err := s.send(user, session, clientID(100)); err != nil {
		t.Errorf("the next day: %v", err)
	}
	counter(1, one, two, one)
}

// TestDB_AddImage_Paid: pictures of a person who pays are not counted, also in the grace,
// and the limit is back when it is over.
func TestDB_AddImage_Paid(t *testing.T) {
	s := mustOpen(t)
	user, session := s.mustTalk("a@example.com")
	s.mustExec(`UPDATE users SET subscription_status = 'paid', subscription_expiry = ?, image_counter = 2, image_day = ? WHERE id = ?`,
		testStart.Add(time.Hour).UnixMilli(), int64(domain.DayOf(testStart)), string(user))
	for i := range 4 {
		if i == 2 {
			s.clock.Add(time.Hour + 30*time.Minute) // in its grace
		}
		if _, _, err := s.send(user, session, clientID(i)); err != nil {
			t.Errorf("picture %d: %v", i, err)
		}
	}
	s.assertPictures(4)
	if u, err := s.User(t.Context(), user); err != nil || u.ImageCounter != 2 {
		t.Errorf("counter = %d, %v, want 2 as before", u.ImageCounter, err)
	}
	s.clock.Add(30 * time.Minute)
	if _, _, err := s.send(user, session, clientID(9)); !errors.Is(err, ErrImageLimit) {
		t.Errorf("after its grace: %v, want ErrImageLimit", err)
	}
	s.assertPictures(4)
}
