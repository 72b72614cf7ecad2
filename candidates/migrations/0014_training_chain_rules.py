from decimal import Decimal

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [('candidates', '0013_fill_training_chain')]

    operations = [
        migrations.RemoveField(
            model_name='trainingclass',
            name='kind_word',
        ),
        migrations.AlterField(
            model_name='trainingclass',
            name='kind',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='classes', to='candidates.classkind', verbose_name='loại lớp'),
        ),
        migrations.RemoveField(
            model_name='enrolment',
            name='result',
        ),
        migrations.RemoveField(
            model_name='enrolment',
            name='attempt',
        ),
        migrations.AddConstraint(
            model_name='trainingclass',
            constraint=models.UniqueConstraint(condition=models.Q(('is_called_off', False)), fields=('organization', 'kind', 'year', 'number'), name='one_class_per_kind_year_and_number'),
        ),
        migrations.AddConstraint(
            model_name='enrolment',
            constraint=models.UniqueConstraint(condition=models.Q(('candidate__isnull', False), models.Q(('state__in', ['refused', 'withdrawn']), _negated=True)), fields=('training_class', 'candidate'), name='nobody_is_twice_in_one_class'),
        ),
        migrations.AddConstraint(
            model_name='enrolment',
            constraint=models.UniqueConstraint(condition=models.Q(('candidate', None), models.Q(('state__in', ['refused', 'withdrawn']), _negated=True)), fields=('training_class', 'unit', 'participant_name', 'participant_position'), name='no_participant_is_twice_in_one_class'),
        ),
        migrations.AddConstraint(
            model_name='enrolment',
            constraint=models.CheckConstraint(condition=models.Q(('certificate_number', ''), models.Q(('is_passed', True), ('state', 'finished')), _connector='OR'), name='only_those_who_passed_hold_a_certificate'),
        ),
        migrations.AddConstraint(
            model_name='enrolment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('grade', None), ('is_passed', None)), models.Q(('grade__isnull', False), ('is_passed__isnull', False), ('state', 'finished')), _connector='OR'), name='a_grade_is_a_result_of_who_finished'),
        ),
        migrations.AddConstraint(
            model_name='enrolment',
            constraint=models.CheckConstraint(condition=models.Q(('score', None), ('state', 'finished'), _connector='OR'), name='only_who_finished_has_a_score'),
        ),
        migrations.AddConstraint(
            model_name='enrolment',
            constraint=models.CheckConstraint(condition=models.Q(('score', None), ('score__range', (Decimal('0'), Decimal('10'))), _connector='OR'), name='score_is_on_the_scale'),
        ),
        migrations.AddConstraint(
            model_name='enrolment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['refused', 'withdrawn']), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='who_is_refused_or_withdrawn_is_told_why'),
        ),
    ]
