import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('evaluations', '0007_paused_until'),
        ('votes', '0001_initial'),
    ]

    # No standings were ever computed before this form of them, so nothing is lost with the old table.
    operations = [
        migrations.DeleteModel(name='Standing'),
        migrations.CreateModel(
            name='Closing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('closed_at', models.DateTimeField(help_text="By the database's clock.")),
                ('forms', models.JSONField(default=dict, help_text='By report: how many headings and list items it has.')),
                ('result', models.JSONField(default=dict, help_text="What the run's page says at its head (votes.results).")),
            ],
            options={
                'ordering': ['-run'],
            },
        ),
        migrations.CreateModel(
            name='Computation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('computed_at', models.DateTimeField(auto_now_add=True)),
                ('method', models.CharField(help_text='Name and version of the method (votes.ranking).', max_length=40)),
                ('inputs_sha256', models.CharField(help_text='SHA-256 of the vote file (votes.vote_files).', max_length=64)),
                ('state', models.CharField(help_text='What would change with the votes; tells when to compute again.', max_length=64)),
                ('votes', models.PositiveIntegerField(help_text='Choices that counted.')),
                ('runs', models.PositiveIntegerField()),
                ('figures', models.JSONField(help_text='Every figure (votes.figures).')),
            ],
            options={
                'ordering': ['evaluation', '-pk'],
                'get_latest_by': 'pk',
            },
        ),
        migrations.CreateModel(
            name='Standing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('model_slug', models.SlugField()),
                ('model_name', models.CharField(max_length=100)),
                ('with_quarantine', models.BooleanField(default=False)),
                ('rank', models.PositiveSmallIntegerField(help_text='Empty under two runs: nothing can be said.', null=True)),
                ('strength', models.FloatField(help_text='Marginal log strength (Plackett–Luce); 0 is the average model.')),
                ('low', models.FloatField(help_text='Lower end of its 95 % interval.', null=True)),
                ('high', models.FloatField(help_text='Upper end of its 95 % interval.', null=True)),
                ('share', models.FloatField(help_text='Of ballots of the usual size with random others.')),
                ('share_low', models.FloatField(help_text='Lower end of its 95 % interval.', null=True)),
                ('share_high', models.FloatField(help_text='Upper end of its 95 % interval.', null=True)),
                ('votes', models.PositiveIntegerField(help_text='How often it was chosen.')),
                ('offered', models.PositiveIntegerField(help_text='On how many ballots it stood.')),
                ('excluded', models.PositiveIntegerField(default=0, help_text='Votes for it that do not count.')),
                ('runs', models.PositiveIntegerField()),
                ('preliminary', models.BooleanField(default=True)),
                ('metrics', models.JSONField(default=dict)),
            ],
            options={
                'ordering': ['computation', 'with_quarantine', '-strength', 'model_slug'],
            },
        ),
        migrations.RemoveIndex(
            model_name='vote',
            name='vote_tally',
        ),
        migrations.AddIndex(
            model_name='vote',
            index=models.Index(fields=['run', 'verdict', 'quarantined', 'choice'], name='vote_tally'),
        ),
        migrations.AddField(
            model_name='closing',
            name='run',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='closing', to='evaluations.run'),
        ),
        migrations.AddField(
            model_name='computation',
            name='evaluation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='computations', to='evaluations.evaluation'),
        ),
        migrations.AddField(
            model_name='standing',
            name='computation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='standings', to='votes.computation'),
        ),
        migrations.AddConstraint(
            model_name='standing',
            constraint=models.UniqueConstraint(fields=('computation', 'model_slug', 'with_quarantine'), name='standing_once_per_model'),
        ),
    ]
