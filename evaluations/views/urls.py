"""Addresses of the public pages."""

from django.urls import path

from .late import LateViews

(
    about,
    api,
    archive,
    corrections,
    differences,
    feed,
    front,
    health,
    models,
    pictures,
    progress,
    prompts,
    replays,
    runs,
) = (
    LateViews(f"{__package__}.{name}")
    for name in (
        "about",
        "api",
        "archive",
        "corrections",
        "differences",
        "feed",
        "front",
        "health",
        "models",
        "pictures",
        "progress",
        "prompts",
        "replays",
        "runs",
    )
)

urlpatterns = [
    path("", front.latest, name="latest"),
    path("runs/", archive.archive, name="archive"),
    path("runs/<int:run>/", runs.run, name="run"),
    path("runs/<int:run>/context/", runs.context, name="context"),
    path("runs/<int:run>/difference/", differences.difference, name="difference"),
    path("runs/<int:run>/card.png", pictures.card, name="card"),
    path("runs/<int:run>/embed/", pictures.run_embed, name="run_embed"),
    path("runs/<int:run>/prompt/", prompts.prompt, name="prompt"),
    path("runs/<int:run>/progress/", progress.progress, name="progress"),
    path("runs/<int:run>/replays/<int:replay>/", replays.replay, name="replay"),
    path("runs/<int:run>/reports.csv", api.run_csv, name="run_csv"),
    path("runs/<int:run>/reports.json", api.run_json, name="run_json"),
    path("models/", models.models, name="models"),
    path("models/findings.csv", models.findings_csv, name="findings_csv"),
    path("models/findings.json", models.findings_json, name="findings_json"),
    path("models/embed/", pictures.models_embed, name="models_embed"),
    path("models/chart.svg", pictures.chart_svg, name="chart_svg"),
    path("models/chart.png", pictures.chart_png, name="chart_png"),
    path("models/chart.csv", pictures.chart_csv, name="chart_csv"),
    path("models/<slug:slug>/", models.model, name="model"),
    path("about/", about.about, name="about"),
    path("corrections/", corrections.corrections, name="corrections"),
    path("corrections/feed/", corrections.corrections_feed, name="corrections_feed"),
    path("feed/", feed.feed, name="feed"),
    path("api/runs/", api.runs, name="api_runs"),
    path("api/runs/<int:run>/", api.run, name="api_run"),
    path("about/scores/", about.about_scores, name="about_scores"),
    path("healthz", health.healthz, name="healthz"),
    path("robots.txt", feed.robots, name="robots"),
    path("sitemap.xml", feed.sitemap, name="sitemap"),
]
