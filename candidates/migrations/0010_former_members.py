import django.db.models.deletion
import vuthu_recruit.fields
from django.db import migrations, models


UNCERTAIN = {
    "special_population": 1,
    "special_foreign_marriage": 1,
    "special_business_owner": 1,
    "special_religion": 0,
}
READMISSION = {"readmission_months": 36, "sentence_months": 60}
CITATIONS = {
    "29-qd-tw": "Quy định 29-QĐ/TW, mục 3",
    "24-qd-tw": "Quy định 24-QĐ/TW, 3.5; không xem xét kết nạp lại: 3.5.2",
    "294-qd-tw": "Quy định 294-QĐ/TW, 3.5.1; không xem xét kết nạp lại: 3.5.2",
}


def add_parameters(apps, schema_editor):
    """Sets loaded before these parameters existed get them in every version: a gate finds each of its numbers."""
    for row in apps.get_model("candidates", "RuleSet").objects.all():
        open_keys = {**UNCERTAIN, **({} if row.regime in CITATIONS else READMISSION)}
        row.values = {**UNCERTAIN, **READMISSION, **row.values}
        row.uncertain = [*(key for key in open_keys if key not in row.uncertain), *row.uncertain]
        if row.regime in CITATIONS:
            row.citations = {"readmission": CITATIONS[row.regime], **row.citations}
        row.save(update_fields=["values", "uncertain", "citations"])


class Migration(migrations.Migration):

    dependencies = [
        ('candidates', "0009_backfill_and_local_limits"),
    ]

    operations = [
        migrations.AddField(
            model_name='candidate',
            name='special_cases',
            field=models.JSONField(blank=True, default=list, verbose_name='trường hợp đặc biệt'),
        ),
        migrations.AddField(
            model_name='introducer',
            name='is_replacement',
            field=models.BooleanField(default=False, verbose_name='thay người giới thiệu trước'),
        ),
        migrations.AddField(
            model_name='introducer',
            name='together_since',
            field=vuthu_recruit.fields.PartialDateField(blank=True, null=True, verbose_name='cùng công tác, cư trú từ'),
        ),
        migrations.CreateModel(
            name='FormerMembership',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('left_on', models.DateField(verbose_name='ngày ra khỏi Đảng')),
                ('how', models.CharField(choices=[('struck_off', 'Bị xóa tên'), ('expelled', 'Bị khai trừ'), ('resigned', 'Tự xin ra khỏi Đảng'), ('stayed_away', 'Tự bỏ sinh hoạt đảng'), ('disunity', 'Ra khỏi Đảng vì gây mất đoàn kết nội bộ nghiêm trọng')], max_length=12, verbose_name='ra khỏi Đảng do')),
                ('family_hardship', models.BooleanField(default=False, verbose_name='gia đình đặc biệt khó khăn')),
                ('sentence', models.CharField(choices=[('none', 'Không có'), ('less_serious', 'Tội phạm ít nghiêm trọng'), ('corruption', 'Tội tham nhũng'), ('serious', 'Tội phạm nghiêm trọng trở lên')], default='none', max_length=12, verbose_name='án hình sự')),
                ('cleared_on', models.DateField(blank=True, null=True, verbose_name='ngày được xóa án tích')),
                ('readmitted_before', models.BooleanField(default=False, verbose_name='đã được kết nạp lại một lần')),
                ('document', models.CharField(blank=True, max_length=200, verbose_name='văn bản ra khỏi Đảng')),
                ('is_mistake', models.BooleanField(default=False, editable=False, verbose_name='ghi nhầm, đã bỏ')),
                ('candidate', models.OneToOneField(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='former', to='candidates.candidate')),
            ],
            options={
                'verbose_name': 'từng là đảng viên',
                'constraints': [models.CheckConstraint(condition=models.Q(('cleared_on', None), ('sentence', 'less_serious'), _connector='OR'), name='only_a_lesser_sentence_is_cleared'), models.CheckConstraint(condition=models.Q(('family_hardship', False), ('how', 'resigned'), _connector='OR'), name='hardship_is_of_who_asked_to_leave'), models.CheckConstraint(condition=models.Q(('how__in', ['struck_off', 'expelled', 'resigned', 'stayed_away', 'disunity'])), name='how_a_member_left_is_known'), models.CheckConstraint(condition=models.Q(('sentence__in', ['none', 'less_serious', 'corruption', 'serious'])), name='former_sentence_is_known')],
            },
        ),
        migrations.RunPython(add_parameters, migrations.RunPython.noop),
    ]
