"""领导接访: pages of staff (namespace `reception`) and of residents (joined to the namespace `public`)."""

from django.urls import path

from cases.reception import ledgers, public, views

reception_urls = (
    [
        path("", views.days, name="days"),
        path("register/", ledgers.register, name="register"),
        path("ledger/", ledgers.ledger, name="ledger"),
        path("<int:pk>/", views.day, name="day"),
        path("<int:pk>/publish/", views.publish, name="publish"),
        path("<int:pk>/change/", views.change, name="change"),
        path("<int:pk>/cancel/", views.cancel, name="cancel"),
        path("<int:pk>/book/", views.book, name="book"),
        path("bookings/<uuid:uid>/", views.booking, name="booking"),
        path("bookings/<uuid:uid>/give-back/", views.give_back, name="give-back"),
        path("bookings/<uuid:uid>/order/", views.order, name="order"),
        path("bookings/<uuid:uid>/contact/", views.reveal, name="contact"),
    ],
    "reception",
)

public_reception = [
    path("reception-days/", public.days, name="reception-days"),
    path("reception-days/cancel/", public.cancel, name="reception-cancel"),
    path("reception-days/<int:pk>/", public.book, name="reception-book"),
]
